import type { ReactNode } from 'react';

type Properties = {
    label: string;
    id: string;
    hint?: string | undefined;
    error?: string | undefined;
    required?: boolean;
    children: ReactNode;
};

/** A label, a control, and below it what is wrong. The control names both by `describedBy`. */
export function Field({ label, id, hint, error, required, children }: Properties) {
    return (
        <div className={error === undefined ? 'field' : 'field wrong'}>
            <label htmlFor={id}>
                {label}
                {required && (
                    <span className="required" title="Required">
                        {' '}
                        *
                    </span>
                )}
            </label>
            {hint !== undefined && (
                <p className="hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
            {children}
            <FieldFault id={id} error={error} />
        </div>
    );
}

export function FieldFault({ id, error }: { id: string; error: string | undefined }) {
    return error === undefined ? null : (
        <p className="fault" id={`${id}-fault`}>
            <span aria-hidden="true">▲ </span>
            {error}
        </p>
    );
}

export function describedBy(id: string, hint: string | undefined, error: string | undefined): string | undefined {
    const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-fault`].filter((part) => part !== '');
    return ids.length > 0 ? ids.join(' ') : undefined;
}
