import { Dialog } from '../parts/Dialog';
import { hasDrafts, keepDrafts } from './drafts';
import { goToSignIn } from './signIn';

function signIn(): void {
    keepDrafts();
    goToSignIn(true);
}

/** The session has ended under an open page. Nothing is thrown away: she decides when to leave it. */
export function SignedOutDialog({ open, close }: { open: boolean; close: () => void }) {
    return (
        <Dialog open={open} close={close} title="You have been signed out">
            <p>
                Your session has ended. {hasDrafts() ? 'What you have filled in is kept, and is here again once you have signed in.' : 'Sign in to go on where you are.'}
            </p>
            <div className="actions">
                <button type="button" className="primary" onClick={signIn}>
                    Sign in
                </button>
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
            <p>Sign in to ask for reports, and to see those that you may read.</p>
            <p className="muted">If you have just signed in and are here again, your browser may refuse cookies, or your account may have no access. Whoever runs this server can look that up.</p>
            <button type="button" className="primary" onClick={signIn}>
                Sign in
            </button>
        </main>
    );
}
