import type { Column } from '../api/types';
import { describedBy, FieldFault } from './Field';

export type Condition = { column: string; value: string };

/** Rows without a column yet say nothing. */
export function onlyOf(conditions: readonly Condition[]): Record<string, string> {
    return Object.fromEntries(conditions.filter(({ column }) => column !== '').map(({ column, value }) => [column, value]));
}

export const conditionsOf = (only: Record<string, string> | undefined): Condition[] => Object.entries(only ?? {}).map(([column, value]) => ({ column, value }));

type Properties = {
    id: string;
    conditions: readonly Condition[];
    change: (conditions: Condition[]) => void;
    /** To choose from; where they aren't known yet, they are typed. */
    columns: readonly Column[] | undefined;
    error: string | undefined;
};

/** Which rows go out: all, or those that have a certain value in each of these columns. */
export function RowConditions({ id, conditions, change, columns, error }: Properties) {
    const set = (index: number, part: Partial<Condition>) => change(conditions.map((condition, place) => (place === index ? { ...condition, ...part } : condition)));
    return (
        <fieldset className="choices" aria-describedby={describedBy(id, undefined, error)}>
            <legend>Only rows with</legend>
            {conditions.length === 0 && <p className="muted small">All rows go out.</p>}
            {conditions.map((condition, index) => (
                <div className="condition" key={index}>
                    {columns ? (
                        <select aria-label={`Column ${index + 1}`} value={condition.column} onChange={(event) => set(index, { column: event.target.value })}>
                            <option value="">column</option>
                            {!columns.some(({ name }) => name === condition.column) && condition.column !== '' && <option>{condition.column}</option>}
                            {columns.map(({ name, title }) => (
                                <option key={name} value={name}>
                                    {title ?? name}
                                </option>
                            ))}
                        </select>
                    ) : (
                        <input aria-label={`Column ${index + 1}`} placeholder="column" autoComplete="off" spellCheck={false} value={condition.column} onChange={(event) => set(index, { column: event.target.value })} />
                    )}
                    <span aria-hidden="true">=</span>
                    <input aria-label={`Value of column ${index + 1}`} placeholder="value" autoComplete="off" spellCheck={false} maxLength={256} value={condition.value} onChange={(event) => set(index, { value: event.target.value })} />
                    <button type="button" className="plain icon" aria-label={`Remove condition ${index + 1}`} onClick={() => change(conditions.filter((_, place) => place !== index))}>
                        ✕
                    </button>
                </div>
            ))}
            <FieldFault id={id} error={error} />
            {conditions.length < 16 && (
                <button type="button" className="plain" onClick={() => change([...conditions, { column: '', value: '' }])}>
                    + A condition
                </button>
            )}
        </fieldset>
    );
}
