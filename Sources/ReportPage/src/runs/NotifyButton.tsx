import { useState } from 'react';
import { inFrame } from '../shell/frameSignIn';

/** Asks the browser only after she has asked: a question out of the blue is refused, and for ever. */
export function NotifyButton() {
    const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
    // In a frame of somebody else's, browsers ask nobody.
    if (!('Notification' in window) || !window.isSecureContext || inFrame) return null;
    if (permission === 'granted') return <span className="muted small">You get a notice when yours is done</span>;
    if (permission === 'denied') return <span className="muted small">Notices are blocked in your browser’s settings for this page</span>;
    return (
        <button type="button" onClick={() => void Notification.requestPermission().then(setPermission)}>
            Notify me when mine is done
        </button>
    );
}
