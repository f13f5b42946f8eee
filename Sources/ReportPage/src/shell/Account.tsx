import { useEffect, useRef, useState } from 'react';
import { send } from '../api/client';
import { nearTime } from '../logic/times';
import { inFrame } from './frameSignIn';
import { useMe } from './me';
import { signedOut } from './signIn';

export function Account() {
    const me = useMe();
    const details = useRef<HTMLDetailsElement>(null);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
        const close = (event: Event) => {
            const menu = details.current;
            if (!menu?.open) return;
            if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
            if (event instanceof PointerEvent && event.target instanceof Node && menu.contains(event.target)) return;
            menu.open = false;
            if (event instanceof KeyboardEvent) menu.querySelector('summary')?.focus();
        };
        addEventListener('pointerdown', close);
        addEventListener('keydown', close);
        return () => {
            removeEventListener('pointerdown', close);
            removeEventListener('keydown', close);
        };
    }, []);
    const name = me.name ?? me.email ?? me.user;
    return (
        <details className="account" ref={details}>
            <summary aria-label={`Account: ${name}`}>
                <span className="avatar" aria-hidden="true">
                    {initials(name)}
                </span>
                <span className="account-name">{name}</span>
            </summary>
            <div className="menu">
                <p className="strong">{name}</p>
                {me.email !== undefined && me.email !== name && <p>{me.email}</p>}
                <p className="muted">As Kubernetes knows you: {me.user}</p>
                {me.sessionEnds !== undefined && <p className="muted">Signed in until {nearTime(me.sessionEnds, Date.now())}</p>}
                {me.via === 'session' && (
                    <button type="button" onClick={() => void signOut().catch(() => setFailed(true))}>
                        Sign out
                    </button>
                )}
                {failed && <p role="alert">That didn’t work. Try once more.</p>}
            </div>
        </details>
    );
}

function initials(name: string): string {
    const words = name.split(/[\s.@_-]+/).filter((word) => word !== '');
    return ((words[0]?.[0] ?? '?') + (words[1]?.[0] ?? '')).toUpperCase();
}

/** The provider has a session too; its address, where it has one, is in the answer. */
async function signOut(): Promise<void> {
    const response = await send('POST', new URL('auth/sign-out', document.baseURI).href);
    const answer: unknown = response.headers.get('Content-Type')?.includes('json') ? await response.json() : undefined;
    const next = typeof answer === 'object' && answer !== null ? (answer as { location?: unknown }).location : undefined;
    signedOut();
    const provider = typeof next === 'string' ? new URL(next, document.baseURI).href : undefined;
    // A provider's page can't be framed.
    if (provider !== undefined && inFrame) window.open(provider, '_blank', 'noopener');
    location.assign(provider === undefined || inFrame ? document.baseURI : provider);
}
