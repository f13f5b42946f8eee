import { ReactNode, useEffect, useId, useRef } from 'react';

type Properties = { open: boolean; close: () => void; title: string; children: ReactNode; wide?: boolean };

/** The browser's own dialog: it keeps the focus inside, closes on Escape, and gives the focus back. */
export function Dialog({ open, close, title, children, wide }: Properties) {
    const dialog = useRef<HTMLDialogElement>(null);
    const heading = useId();
    useEffect(() => {
        const element = dialog.current;
        if (!element) return;
        if (open && !element.open) element.showModal();
        if (!open && element.open) element.close();
    }, [open]);
    return (
        <dialog ref={dialog} className={wide ? 'wide' : undefined} aria-labelledby={heading} onClose={close} onClick={(event) => event.target === dialog.current && close()}>
            {open && (
                <div className="dialog-body">
                    <div className="dialog-head">
                        <h2 id={heading}>{title}</h2>
                        <button type="button" className="plain icon" aria-label="Close" onClick={close}>
                            ✕
                        </button>
                    </div>
                    {children}
                </div>
            )}
        </dialog>
    );
}
