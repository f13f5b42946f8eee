import { useEffect, useState } from 'react';
import { Link } from '../parts/Link';
import { listenForEnds, Notice } from './notices';
import { useMe } from './me';

/** Short notices in the corner; read aloud, gone by themselves unless the pointer or the focus rests on one. */
export function Toasts() {
    const me = useMe();
    const [notices, setNotices] = useState<Notice[]>([]);
    useEffect(() => listenForEnds(me, (notice) => setNotices((before) => [...before.filter(({ id }) => id !== notice.id), notice].slice(-4))), [me]);
    const dismiss = (id: string) => setNotices((before) => before.filter((notice) => notice.id !== id));
    return (
        <div className="toasts" role="status" aria-label="Notices">
            {notices.map((notice) => (
                <Toast key={notice.id} notice={notice} dismiss={() => dismiss(notice.id)} />
            ))}
        </div>
    );
}

function Toast({ notice, dismiss }: { notice: Notice; dismiss: () => void }) {
    const [held, setHeld] = useState(false);
    useEffect(() => {
        if (held) return undefined;
        const timer = setTimeout(dismiss, 20_000);
        return () => clearTimeout(timer);
    });
    return (
        <div className={`toast ${notice.tone}`} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
            <div>
                <p className="strong">{notice.title}</p>
                <p>{notice.text}</p>
            </div>
            {notice.to && (
                <Link to={notice.to} onFollow={dismiss}>
                    Open
                </Link>
            )}
            <button type="button" className="plain icon" aria-label="Dismiss" onClick={dismiss}>
                ✕
            </button>
        </div>
    );
}
