import { inFrame } from './frameSignIn';

const mark = 'report-sign-in';

/**
 * Goes to sign in and comes back to where she is. Once: whoever comes back without being signed in would go in circles,
 * so the page asks then.
 */
export function goToSignIn(byHand: boolean): boolean {
    if (inFrame) return false;
    const last = Number(stored() ?? 0);
    if (!byHand && Date.now() - last < 60_000) return false;
    try {
        sessionStorage.setItem(mark, String(Date.now()));
    } catch {
        if (!byHand) return false;
    }
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(new URL(`auth/sign-in?return=${back}`, document.baseURI).href);
    return true;
}

/** She wanted to leave: the page asks before it goes to sign in again. */
export function signedOut(): void {
    try {
        sessionStorage.setItem(mark, String(Number.MAX_SAFE_INTEGER));
    } catch {
        // Without storage nothing goes there by itself anyway.
    }
}

export function signedIn(): void {
    try {
        sessionStorage.removeItem(mark);
    } catch {
        // Without storage there is nothing to forget.
    }
}

function stored(): string | null {
    try {
        return sessionStorage.getItem(mark);
    } catch {
        return null;
    }
}
