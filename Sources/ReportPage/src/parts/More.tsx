import { ReactNode, useEffect, useState } from 'react';

/** What is seldom needed, folded away; open where something of it is set or wrong. It never closes by itself. */
export function More({ wanted, children }: { wanted: boolean; children: ReactNode }) {
    const [open, setOpen] = useState(wanted);
    useEffect(() => {
        if (wanted) setOpen(true);
    }, [wanted]);
    return (
        <details className="folded" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>More</summary>
            <div className="stack">{children}</div>
        </details>
    );
}
