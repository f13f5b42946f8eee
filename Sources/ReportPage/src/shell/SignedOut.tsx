import { useState } from 'react';
import { Dialog } from '../parts/Dialog';
import { hasDrafts, keepDrafts } from './drafts';
import { inFrame, signInByWindow, WindowSignIn } from './frameSignIn';
import { goToSignIn } from './signIn';

/** The session has ended under an open page. Nothing is thrown away: she decides when to leave it. */
export function SignedOutDialog({ open, close }: { open: boolean; close: () => void }) {
    return (
        <Dialog open={open} close={close} title="You have been signed out">
            <p>
                Your session has ended. {hasDrafts() ? 'What you have filled in is kept, and is here again once you have signed in.' : 'Sign in to go on where you are.'}
            </p>
            <div className="actions">
                <SignInButton />
                <button type="button" onClick={close}>
                    Not now
                </button>
            </div>
        </Dialog>
    );
}

export function SignedOutPage() {
    return (
        <main className="page narrow">
            <h1>You are not signed in</h1>
            <p>Sign in to ask for reports, and to see those that you may read.{inFrame && ' A window opens for it.'}</p>
            {!inFrame && (
                <p className="muted">If you have just signed in and are here again, your browser may refuse cookies, or your account may have no access. Whoever runs this server can look that up.</p>
            )}
            <SignInButton />
        </main>
    );
}

const words: Record<Exclude<WindowSignIn, 'done'>, string> = {
    blocked: 'The browser has not opened the window. Allow windows of this page, and try again.',
    closed: 'The window was closed before you were signed in, or your browser keeps it apart from this page.',
    failed: 'The server doesn’t answer, or it took too long. Try again.',
};

function SignInButton() {
    const [busy, setBusy] = useState(false);
    const [outcome, setOutcome] = useState<WindowSignIn>();
    const signIn = () => {
        keepDrafts();
        if (!inFrame) {
            goToSignIn(true);
            return;
        }
        setBusy(true);
        signInByWindow().then(
            (result) => {
                setBusy(false);
                setOutcome(result);
                if (result === 'done') location.reload();
            },
            () => {
                setBusy(false);
                setOutcome('failed');
            },
        );
    };
    return (
        <>
            <button type="button" className="primary" disabled={busy} onClick={signIn}>
                {busy ? 'Sign in in the window …' : 'Sign in'}
            </button>
            {outcome !== undefined && outcome !== 'done' && (
                <p className="fault" role="alert">
                    {words[outcome]}{' '}
                    <a href={document.baseURI} target="_blank" rel="noopener">
                        Open the page by itself
                    </a>
                </p>
            )}
        </>
    );
}
