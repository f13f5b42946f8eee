import type { ReactNode } from 'react';
import type { Request } from '../api/types';
import { between, duration } from '../logic/durations';
import { isOver } from '../logic/phases';
import { Link } from '../parts/Link';
import { Moment } from '../parts/Moment';

/** Who, when, how long, and the names by which others know it. */
export function Facts({ request }: { request: Request }) {
    const waited = between(request.queuedAt ?? request.createdAt, request.startedAt ?? request.completedAt, Date.now());
    const ran = between(request.startedAt, request.completedAt, Date.now());
    const { requester } = request;
    const facts: [string, ReactNode][] = [
        ['Asked for by', requester?.name ?? requester?.email],
        ['E-mail', requester?.name === undefined ? undefined : requester.email],
        ['Asked', <Moment key="asked" at={request.createdAt} />],
        ['Waited', request.startedAt !== undefined && waited !== undefined && waited > 2_000 ? duration(waited) : undefined],
        ['Started', request.startedAt === undefined ? undefined : <Moment key="started" at={request.startedAt} />],
        ['Ended', request.completedAt === undefined ? undefined : <Moment key="ended" at={request.completedAt} />],
        ['Took', isOver(request.phase) && ran !== undefined && request.completedAt !== undefined ? duration(ran) : undefined],
        ['Schedule', request.schedule === undefined ? undefined : <Link key="schedule" to={{ page: 'schedule', namespace: request.namespace, name: request.schedule }}>{request.schedule}</Link>],
        ['Attempt', request.attempt > 1 ? String(request.attempt) : undefined],
        ['Priority', request.priority === 0 ? undefined : String(request.priority)],
        ['Request is kept', request.live && request.ttlSecondsAfterFinished !== undefined ? `${duration(request.ttlSecondsAfterFinished * 1000)} after its end` : undefined],
        ['Namespace', request.namespace],
        ['Request', <span key="request">{request.name}{request.live ? '' : <span className="muted"> (deleted)</span>}</span>],
        ['Report id', <code key="id">{request.id}</code>],
        ['On record', request.recorded === false ? 'not yet' : undefined],
    ];
    return (
        <section className="panel at-facts" aria-labelledby="section-facts">
            <h2 id="section-facts">About it</h2>
            <dl className="facts">
                {facts
                    .filter(([, value]) => value !== undefined)
                    .map(([label, value]) => (
                        <div key={label}>
                            <dt>{label}</dt>
                            <dd>{value}</dd>
                        </div>
                    ))}
            </dl>
        </section>
    );
}
