import { ReactNode, useState } from 'react';
import { Dialog } from './Dialog';
import { ErrorNotice } from './ErrorNotice';

type Properties = {
    label: string;
    title: string;
    children: ReactNode;
    confirm: string;
    act: () => Promise<unknown>;
    done?: () => void;
    danger?: boolean;
    disabled?: boolean;
    reason?: string | undefined;
};

/** A button that asks first. What it does goes on while the dialog stays, and its failure is said there. */
export function ConfirmButton({ label, title, children, confirm, act, done, danger, disabled, reason }: Properties) {
    const [open, setOpen] = useState(false);
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>();
    const run = () => {
        setBusy(true);
        setError(undefined);
        act().then(
            () => {
                setOpen(false);
                setBusy(false);
                done?.();
            },
            (failure: unknown) => {
                setError(failure);
                setBusy(false);
            },
        );
    };
    return (
        <>
            <button type="button" className={danger ? 'danger' : undefined} disabled={disabled} title={disabled ? reason : undefined} onClick={() => (setError(undefined), setOpen(true))}>
                {label}
            </button>
            <Dialog open={open} close={() => setOpen(false)} title={title}>
                {children}
                {error !== undefined && <ErrorNotice error={error} />}
                <div className="actions">
                    <button type="button" className={danger ? 'primary danger' : 'primary'} disabled={busy} onClick={run}>
                        {busy ? 'One moment …' : confirm}
                    </button>
                    <button type="button" onClick={() => setOpen(false)}>
                        Keep it
                    </button>
                </div>
            </Dialog>
        </>
    );
}
