import { lazy, Suspense, useEffect, useRef } from 'react';
import { AskPage } from '../ask/AskPage';
import { FormPage } from '../ask/FormPage';
import { RunsPage } from '../runs/RunsPage';
import { LiveRequestsProvider, useLoadLiveRequests } from '../live/liveRequests';
import type { Route } from '../logic/routes';
import { PageSkeleton } from '../parts/Skeleton';
import { ConnectionBanner } from './ConnectionBanner';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';
import { useRoute } from './navigation';
import { NotFoundPage } from './NotFoundPage';
import { Toasts } from './Toasts';

const later = () => import('./laterPages');
const HistoryPage = lazy(() => later().then((pages) => ({ default: pages.HistoryPage })));
const ReportPage = lazy(() => later().then((pages) => ({ default: pages.ReportPage })));
const SchedulesPage = lazy(() => later().then((pages) => ({ default: pages.SchedulesPage })));
const SchedulePage = lazy(() => later().then((pages) => ({ default: pages.SchedulePage })));

export function Frame() {
    const { route } = useRoute();
    const liveRequests = useLoadLiveRequests();
    const place = placeOf(route);
    const main = useRef<HTMLElement>(null);
    const firstPlace = useRef(place);
    // So that the next page is there at once when it is wanted.
    useEffect(() => void later().catch(() => undefined), []);
    useEffect(() => {
        // A reader of the screen hears where she is now. On arrival the browser has done that.
        if (firstPlace.current === place) return undefined;
        firstPlace.current = '';
        scrollTo(0, 0);
        return focusHeading(main.current);
    }, [place]);
    return (
        <LiveRequestsProvider value={liveRequests}>
            <Header route={route} skip={() => main.current?.focus()} />
            <ConnectionBanner />
            <main className="page" ref={main} tabIndex={-1}>
                <ErrorBoundary key={place}>
                    <Suspense fallback={<PageSkeleton />}>{pageOf(route)}</Suspense>
                </ErrorBoundary>
            </main>
            <Toasts />
        </LiveRequestsProvider>
    );
}

/** Filters change the address and not the place. */
function placeOf(route: Route): string {
    return route.page === 'history' ? 'history' : JSON.stringify(route);
}

/** Lazily loaded pages have no heading yet, so it is waited for. */
function focusHeading(main: HTMLElement | null): () => void {
    const focus = (): boolean => {
        const heading = main?.querySelector('h1');
        heading?.setAttribute('tabindex', '-1');
        heading?.focus({ preventScroll: true });
        return Boolean(heading);
    };
    if (!main || focus()) return () => undefined;
    const observer: MutationObserver = new MutationObserver(() => {
        if (focus()) observer.disconnect();
    });
    observer.observe(main, { childList: true, subtree: true });
    return () => observer.disconnect();
}

function pageOf(route: Route) {
    switch (route.page) {
        case 'ask':
            return <AskPage />;
        case 'form':
            return <FormPage key={`${route.namespace}/${route.name}/${route.again ?? ''}`} {...route} />;
        case 'runs':
            return <RunsPage />;
        case 'history':
            return <HistoryPage filters={route.filters} />;
        case 'report':
            return <ReportPage key={route.id} id={route.id} />;
        case 'schedules':
            return <SchedulesPage />;
        case 'schedule':
            return <SchedulePage key={`${route.namespace}/${route.name}`} namespace={route.namespace} name={route.name} />;
        case 'unknown':
            return <NotFoundPage />;
    }
}
