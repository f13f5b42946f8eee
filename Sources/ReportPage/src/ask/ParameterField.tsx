import type { ParameterSpec } from '../api/types';
import { bound, type FieldValue } from '../logic/parameters';
import { Chips } from '../parts/Chips';
import { describedBy, Field, FieldFault } from '../parts/Field';
import { RelativeField } from './RelativeField';

export type ParameterProperties = { spec: ParameterSpec; value: FieldValue; change: (value: FieldValue) => void; error: string | undefined; scheduled: boolean };

/** One parameter of a pipeline, as the control that fits its type. */
export function ParameterField(properties: ParameterProperties) {
    const { spec, value, change, error, scheduled } = properties;
    const id = `parameter-${spec.name}`;
    const label = spec.title ?? spec.name;
    if (spec.multiple) return <MultipleField {...properties} />;
    const text = Array.isArray(value) ? value[0] ?? '' : value;
    if (spec.type === 'boolean' && !spec.enum) return <BooleanField {...properties} />;
    if (scheduled && (spec.type === 'month' || spec.type === 'date') && !spec.enum) return <RelativeField spec={spec} value={text} change={change} error={error} />;
    return (
        <Field label={label} id={id} hint={spec.description} error={error} required={spec.required}>
            {spec.enum ? (
                <select id={id} value={text} aria-invalid={error !== undefined || undefined} aria-describedby={describedBy(id, spec.description, error)} onChange={(event) => change(event.target.value)}>
                    {(!spec.required || text === '') && <option value="">{spec.required ? 'Choose …' : '–'}</option>}
                    {spec.enum.map((option) => (
                        <option key={String(option)} value={String(option)}>
                            {String(option)}
                        </option>
                    ))}
                </select>
            ) : (
                <input
                    id={id}
                    value={text}
                    aria-required={spec.required || undefined}
                    aria-invalid={error !== undefined || undefined}
                    aria-describedby={describedBy(id, spec.description, error)}
                    onChange={(event) => change(event.target.value)}
                    {...attributes(spec)}
                />
            )}
        </Field>
    );
}

/** Numbers are typed as text: a number field drops what it doesn't understand, and changes on a turn of the wheel. */
function attributes(spec: ParameterSpec) {
    switch (spec.type) {
        case 'month':
            return { type: 'month', placeholder: '2026-10', className: 'short', min: bound(spec.minimum), max: bound(spec.maximum) };
        case 'date':
            return { type: 'date', placeholder: '2026-10-31', className: 'short', min: bound(spec.minimum), max: bound(spec.maximum) };
        case 'integer':
            return { type: 'text', inputMode: 'numeric' as const, className: 'short number' };
        case 'number':
            return { type: 'text', inputMode: 'decimal' as const, className: 'short number' };
        default:
            return { type: 'text', maxLength: spec.maxLength };
    }
}

function BooleanField({ spec, value, change, error }: ParameterProperties) {
    const id = `parameter-${spec.name}`;
    return (
        <div className={error === undefined ? 'field' : 'field wrong'}>
            <label className="check">
                <input
                    id={id}
                    type="checkbox"
                    checked={value === 'true'}
                    aria-invalid={error !== undefined || undefined}
                    aria-describedby={describedBy(id, spec.description, error)}
                    onChange={(event) => change(String(event.target.checked))}
                />
                {spec.title ?? spec.name}
            </label>
            {spec.description !== undefined && (
                <p className="hint" id={`${id}-hint`}>
                    {spec.description}
                </p>
            )}
            <FieldFault id={id} error={error} />
        </div>
    );
}

function MultipleField({ spec, value, change, error }: ParameterProperties) {
    const id = `parameter-${spec.name}`;
    const label = spec.title ?? spec.name;
    const values = Array.isArray(value) ? value : value === '' ? [] : [value];
    if (!spec.enum) {
        const hint = spec.description ?? 'Several are possible: press Enter after each.';
        return (
            <Field label={label} id={id} hint={hint} error={error} required={spec.required}>
                <Chips
                    id={id}
                    values={values}
                    change={change}
                    split={(text) => text.split(spec.type === 'string' ? /[,;\n\t]+/ : /[,;\s]+/).map((part) => part.trim()).filter((part) => part !== '')}
                    describedBy={describedBy(id, hint, error)}
                    invalid={error !== undefined}
                />
            </Field>
        );
    }
    const options = spec.enum.map(String);
    return (
        <fieldset className={error === undefined ? 'field' : 'field wrong'} aria-describedby={describedBy(id, spec.description, error)}>
            <legend>
                {label}
                {spec.required && <span className="required" title="Required"> *</span>}
            </legend>
            {spec.description !== undefined && (
                <p className="hint" id={`${id}-hint`}>
                    {spec.description}
                </p>
            )}
            <div className="checks">
                {options.map((option) => (
                    <label key={option} className="check">
                        <input
                            type="checkbox"
                            checked={values.includes(option)}
                            aria-invalid={error !== undefined || undefined}
                            onChange={(event) => change(options.filter((other) => (other === option ? event.target.checked : values.includes(other))))}
                        />
                        {option}
                    </label>
                ))}
            </div>
            <FieldFault id={id} error={error} />
        </fieldset>
    );
}
