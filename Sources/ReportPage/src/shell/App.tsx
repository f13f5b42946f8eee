import { useCallback, useEffect, useState } from 'react';
import { session } from '../api/client';
import { getMe } from '../api/operations';
import { ProblemError } from '../api/problem';
import type { Me } from '../api/types';
import { startTabs } from '../live/tabs';
import { ErrorNotice } from '../parts/ErrorNotice';
import { PageSkeleton } from '../parts/Skeleton';
import { Frame } from './Frame';
import { MeContext } from './me';
import { goToSignIn, signedIn } from './signIn';
import { SignedOutDialog, SignedOutPage } from './SignedOut';

type State = { is: 'loading' } | { is: 'ready'; me: Me } | { is: 'signed-out' } | { is: 'failed'; error: unknown };

/** Who is signed in comes first: everything else depends on it. */
export function App() {
    const [state, setState] = useState<State>({ is: 'loading' });
    const [ended, setEnded] = useState(false);
    const load = useCallback(() => {
        setState({ is: 'loading' });
        getMe().then(
            (me) => {
                signedIn();
                session.csrfToken = me.csrfToken;
                session.onSignedOut = () => setEnded(true);
                startTabs(me.user);
                setState({ is: 'ready', me });
            },
            (error: unknown) => {
                if (!(error instanceof ProblemError && error.status === 401)) setState({ is: 'failed', error });
                else if (!goToSignIn(false)) setState({ is: 'signed-out' });
            },
        );
    }, []);
    useEffect(load, [load]);
    switch (state.is) {
        case 'loading':
            return (
                <main className="page" aria-busy="true">
                    <PageSkeleton />
                </main>
            );
        case 'signed-out':
            return <SignedOutPage />;
        case 'failed':
            return (
                <main className="page">
                    <h1>Reports</h1>
                    <ErrorNotice error={state.error} retry={load} />
                </main>
            );
        case 'ready':
            return (
                <MeContext.Provider value={state.me}>
                    <Frame />
                    <SignedOutDialog open={ended} close={() => setEnded(false)} />
                </MeContext.Provider>
            );
    }
}
