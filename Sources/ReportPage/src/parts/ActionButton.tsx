import { useState } from 'react';
import { ErrorNotice } from './ErrorNotice';
import { Dialog } from './Dialog';

type Properties = { label: string; act: () => Promise<unknown>; primary?: boolean; disabled?: boolean; reason?: string | undefined };

/** A button for what needs no question: busy while it goes on, and its failure in words. */
export function ActionButton({ label, act, primary, disabled, reason }: Properties) {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>();
    const run = () => {
        setBusy(true);
        act().then(
            () => setBusy(false),
            (failure: unknown) => {
                setBusy(false);
                setError(failure);
            },
        );
    };
    return (
        <>
            <button type="button" className={primary ? 'primary' : undefined} disabled={busy || disabled} title={disabled ? reason : undefined} onClick={run}>
                {busy ? 'One moment …' : label}
            </button>
            <Dialog open={error !== undefined} close={() => setError(undefined)} title={label}>
                <ErrorNotice error={error} />
            </Dialog>
        </>
    );
}
