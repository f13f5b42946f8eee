import { useState } from 'react';
import type { Request } from '../api/types';
import { useLiveRequests } from '../live/liveRequests';
import { useLive } from '../live/store';
import { useNow } from '../live/useLoad';
import { isMine, isOver } from '../logic/phases';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Blocks } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { useMe } from '../shell/me';
import { NotifyButton } from './NotifyButton';
import { RunRow } from './RunRow';
import { QueuePlace, useQueue } from './useQueue';
import { keyOf } from '../logic/merge';

const lately = 60 * 60_000;

/** Everything that goes on now, what waits behind it, and what has just ended. */
export function RunsPage() {
    useTitle('Runs');
    const me = useMe();
    const now = useNow(30_000);
    const [onlyMine, setOnlyMine] = useState(false);
    const loaded = useLiveRequests();
    const { requests } = useLive();
    const places = useQueue(true);
    const shown = [...requests.values()].filter((request) => !onlyMine || isMine(request, me));
    const running = shown.filter((request) => request.live && (request.phase === 'Running' || request.phase === 'Cancelling')).sort(byStart);
    const waiting = shown.filter((request) => request.live && request.phase === 'Queued').sort(byPlace(places));
    const ended = shown
        .filter((request) => isOver(request.phase) && now - Date.parse(request.completedAt ?? request.createdAt) < lately)
        .sort((a, b) => Date.parse(b.completedAt ?? b.createdAt) - Date.parse(a.completedAt ?? a.createdAt));
    const ready = loaded.value !== undefined || loaded.error !== undefined;
    return (
        <>
            <div className="page-head">
                <h1>Runs</h1>
                <div className="tools">
                    <label className="check">
                        <input type="checkbox" checked={onlyMine} onChange={(event) => setOnlyMine(event.target.checked)} />
                        Only mine
                    </label>
                    <NotifyButton />
                </div>
            </div>
            {loaded.error !== undefined && <ErrorNotice error={loaded.error} retry={loaded.reload} what="The runs can’t be shown" />}
            {!ready && <Blocks count={3} height={92} />}
            {ready && running.length + waiting.length === 0 && loaded.error === undefined && (
                <Empty title={onlyMine ? 'None of your reports is being made' : 'Nothing is running'}>
                    <p>
                        <Link to={{ page: 'ask' }}>Ask for a report</Link>, and watch it here; or find an earlier one in the <Link to={{ page: 'history', filters: {} }}>history</Link>.
                    </p>
                </Empty>
            )}
            {ready && <Group title="Running" requests={running} places={places} />}
            {ready && <Group title="Waiting" requests={waiting} places={places} />}
            {ready && <Group title="Ended in the last hour" requests={ended} places={places} />}
        </>
    );
}

function Group({ title, requests, places }: { title: string; requests: readonly Request[]; places: ReadonlyMap<string, QueuePlace> }) {
    if (requests.length === 0) return null;
    return (
        <section aria-label={title}>
            <h2 className="group">
                {title} <span className="muted">{requests.length}</span>
            </h2>
            <ul className="runs">
                {requests.map((request) => (
                    <RunRow key={request.id} request={request} place={places.get(keyOf(request))} />
                ))}
            </ul>
        </section>
    );
}

function byStart(a: Request, b: Request): number {
    return Date.parse(a.startedAt ?? a.createdAt) - Date.parse(b.startedAt ?? b.createdAt);
}

function byPlace(places: ReadonlyMap<string, QueuePlace>) {
    const place = (request: Request) => places.get(keyOf(request))?.position ?? request.place?.position ?? Infinity;
    return (a: Request, b: Request): number => place(a) - place(b) || Date.parse(a.createdAt) - Date.parse(b.createdAt);
}
