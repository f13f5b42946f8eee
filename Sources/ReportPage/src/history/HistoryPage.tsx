import { useCallback, useEffect, useRef, useState } from 'react';
import { listRequests } from '../api/operations';
import type { Request } from '../api/types';
import { store, useGeneration, useLive } from '../live/store';
import type { Filters } from '../logic/routes';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Blocks } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { FilterBar, queryOf } from './FilterBar';
import { HistoryTable } from './HistoryTable';

type State = { items: Request[]; next: string | undefined; recordAvailable: boolean; notice: string | undefined; key: string };

const pageSize = 50;
/** Whether the record is back, in milliseconds. */
const lookAgain = 10_000;

/** Every report there ever was, the newest first, found by what is in the address. */
export default function HistoryPage({ filters }: { filters: Filters }) {
    useTitle('History');
    const key = JSON.stringify(filters);
    const generation = useGeneration();
    const [state, setState] = useState<State>();
    const [error, setError] = useState<unknown>();
    const [loading, setLoading] = useState(true);
    const { requests: live } = useLive();
    const current = useRef(key);
    current.current = key;

    const load = useCallback(
        async (cursor: string | undefined) => {
            setLoading(true);
            setError(undefined);
            try {
                const page = await listRequests({ ...queryOf(JSON.parse(key) as Filters), limit: pageSize, cursor });
                if (current.current !== key) return;
                store.takeRequests(page.items.filter((request) => request.live));
                setState((before) => ({
                    items: cursor === undefined || !before ? page.items : [...before.items, ...page.items],
                    next: page.next,
                    recordAvailable: page.recordAvailable,
                    notice: page.notice,
                    key,
                }));
            } catch (failure) {
                if (current.current === key) setError(failure);
            } finally {
                if (current.current === key) setLoading(false);
            }
        },
        [key],
    );
    useEffect(() => void load(undefined), [load, generation]);
    const away = state !== undefined && !state.recordAvailable;
    useEffect(() => {
        if (!away) return undefined;
        const timer = setInterval(() => void load(undefined), lookAgain);
        return () => clearInterval(timer);
    }, [away, load]);

    const items = state?.items.map((request) => live.get(request.id) ?? request);
    const filtered = Object.keys(filters).length > 0;
    return (
        <>
            <h1>History</h1>
            <FilterBar filters={filters} />
            {away && (
                <div className="notice warn" role="status">
                    <p className="strong">The record can’t be reached now</p>
                    <p>{state.notice ?? 'You see the reports that are live. Those before them are safe, and are here again as soon as the record is.'}</p>
                    <button type="button" onClick={() => void load(undefined)}>
                        Look again
                    </button>
                </div>
            )}
            {state?.recordAvailable && state.notice !== undefined && <p className="notice calm">{state.notice}</p>}
            {error !== undefined && <ErrorNotice error={error} retry={() => void load(undefined)} what="The history can’t be shown" />}
            {!items && error === undefined && <Blocks count={8} height={40} />}
            {items && items.length === 0 && (
                <Empty title={filtered ? 'No report matches' : 'No report has been made yet'}>
                    {filtered ? (
                        <p>
                            Take a filter away, or <Link to={{ page: 'history', filters: {} }}>see all reports</Link>.
                        </p>
                    ) : (
                        <p>
                            <Link to={{ page: 'ask' }}>Ask for the first one</Link>. It stays here for ever.
                        </p>
                    )}
                </Empty>
            )}
            {items && items.length > 0 && (
                <div className={state?.key === key ? undefined : 'stale'}>
                    <HistoryTable requests={items} />
                    <p className="more" role="status">
                        {state?.next !== undefined ? (
                            <button type="button" disabled={loading} onClick={() => void load(state.next)}>
                                {loading ? 'One moment …' : 'Show earlier ones'}
                            </button>
                        ) : (
                            <span className="muted">{countOf(items.length, state?.recordAvailable ?? true)}</span>
                        )}
                    </p>
                </div>
            )}
        </>
    );
}

function countOf(count: number, all: boolean): string {
    if (!all) return count === 1 ? 'One that is live' : `${count} that are live`;
    return count === 1 ? 'One report' : `All ${count} reports`;
}
