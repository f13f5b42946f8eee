import { base64url } from '../logic/base64url';

/** Whether the page stands in a frame, such as a tab of Teams: a provider's page stands in none, so she signs in in a window. */
export const inFrame = window.self !== window.top;

export type WindowSignIn = 'done' | 'blocked' | 'closed' | 'failed';

const patience = 10 * 60_000;

/**
 * Signs in in a window of its own, and takes over the session that it gives back: a browser keeps a frame's cookies apart
 * from those of the same page elsewhere. Only who has the secret of this call can use what comes back.
 */
export async function signInByWindow(): Promise<WindowSignIn> {
    // At once, while the browser knows that she has pressed something.
    const opened = window.open('', '_blank', 'popup,width=540,height=720');
    if (!opened) return 'blocked';
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    const query = new URLSearchParams({ handover: base64url(new Uint8Array(hash)) });
    const token = tokenFrom(opened);
    opened.location.href = new URL(`auth/sign-in?${query}`, document.baseURI).href;
    const given = await token;
    if (given === undefined) return 'closed';
    try {
        const response = await fetch(new URL('auth/hand-over', document.baseURI).href, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ token: given, verifier }),
            credentials: 'same-origin',
        });
        return response.ok ? 'done' : 'failed';
    } catch {
        return 'failed';
    }
}

/** What the window's page says when it is over; nothing where she has closed it before. */
function tokenFrom(opened: Window): Promise<string | undefined> {
    return new Promise((resolve) => {
        const end = (token: string | undefined) => {
            removeEventListener('message', hear);
            clearInterval(look);
            clearTimeout(last);
            resolve(token);
        };
        const hear = (event: MessageEvent<unknown>) => {
            if (event.origin !== location.origin || event.source !== opened) return;
            const data = event.data as { kind?: unknown; token?: unknown } | null;
            if (data?.kind === 'report-session' && typeof data.token === 'string') end(data.token);
        };
        addEventListener('message', hear);
        // A provider that parts windows lets this one look closed at once: then what it says comes all the same, or never.
        let closed = 0;
        const look = setInterval(() => {
            closed = opened.closed ? closed + 1 : 0;
            if (closed > 4) end(undefined);
        }, 500);
        const last = setTimeout(() => end(undefined), patience);
    });
}
