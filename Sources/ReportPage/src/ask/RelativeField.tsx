import type { ParameterSpec } from '../api/types';
import { monthAt } from '../logic/times';
import { describedBy, Field } from '../parts/Field';

const choices = {
    month: [
        ['{month-1}', 'The month before each run'],
        ['{month}', 'The month of each run'],
        ['{month-2}', 'Two months before each run'],
    ],
    date: [
        ['{date-1}', 'The day before each run'],
        ['{date}', 'The day of each run'],
        ['{date-7}', 'A week before each run'],
    ],
} as const;

type Properties = { spec: ParameterSpec; value: string; change: (value: string) => void; error: string | undefined };

/** A schedule's month or day goes with the time of each run, or stays the same for all of them. */
export function RelativeField({ spec, value, change, error }: Properties) {
    const id = `parameter-${spec.name}`;
    const options = spec.type === 'month' ? choices.month : choices.date;
    const known = options.some(([placeholder]) => placeholder === value);
    const fixed = !value.includes('{');
    return (
        <Field label={spec.title ?? spec.name} id={id} hint={spec.description} error={error} required={spec.required}>
            <div className="beside">
                <select
                    id={id}
                    value={fixed ? 'fixed' : value}
                    aria-invalid={error !== undefined || undefined}
                    aria-describedby={describedBy(id, spec.description, error)}
                    onChange={(event) => change(event.target.value === 'fixed' ? firstFixed(spec) : event.target.value)}
                >
                    {options.map(([placeholder, label]) => (
                        <option key={placeholder} value={placeholder}>
                            {label}
                        </option>
                    ))}
                    {!fixed && !known && <option value={value}>{value}</option>}
                    <option value="fixed">Always the same {spec.type === 'month' ? 'month' : 'day'}</option>
                </select>
                {fixed && (
                    <input type={spec.type} value={value} className="short" aria-label={`${spec.title ?? spec.name}, always`} aria-invalid={error !== undefined || undefined} onChange={(event) => change(event.target.value)} />
                )}
            </div>
        </Field>
    );
}

function firstFixed(spec: ParameterSpec): string {
    return spec.type === 'month' ? monthAt(Date.now(), -1) : '';
}

/** A form that turns into a schedule: a fixed month would make the same report again and again. */
export function relativeDefault(spec: ParameterSpec): string | undefined {
    return spec.type === 'month' ? '{month-1}' : spec.type === 'date' ? '{date-1}' : undefined;
}
