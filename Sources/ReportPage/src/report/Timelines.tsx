import { useState } from 'react';
import { listReportEvents } from '../api/operations';
import type { Report, Request, Stage } from '../api/types';
import { useLoad } from '../live/useLoad';
import { isOver } from '../logic/phases';
import { exact } from '../logic/times';
import { ErrorNotice } from '../parts/ErrorNotice';
import { LogDialog } from '../parts/LogDialog';
import { Moment } from '../parts/Moment';
import { PhaseBadge } from '../parts/PhaseBadge';
import { Lines } from '../parts/Skeleton';
import { Timeline } from '../parts/Timeline';
import { rightsIn, useMe } from '../shell/me';

/** Its stages; attempts before the last; and, for who wants to know exactly, everything that happened. */
export function Timelines({ request, report }: { request: Request; report: Report | undefined }) {
    const me = useMe();
    const may = report?.may ?? rightsIn(me, request.namespace);
    const [log, setLog] = useState<{ stage: string; attempt: number | undefined }>();
    const stages = request.stages ?? report?.stages ?? [];
    const over = isOver(request.phase);
    const kept = new Set(report?.logs?.map(({ stage, attempt }) => `${stage} ${attempt}`));
    const hasLog = (stage: Stage) => request.live || kept.has(`${stage.name} ${stage.attempt ?? request.attempt}`);
    const openLog = may.readLogs ? (stage: Stage) => setLog({ stage: stage.name, attempt: stage.attempt }) : undefined;
    return (
        <section className="panel at-stages" aria-labelledby="section-stages">
            <h2 id="section-stages">Stages</h2>
            {stages.length > 0 ? (
                <Timeline stages={stages} live={!over} openLog={openLog} hasLog={hasLog} />
            ) : (
                <p className="muted">{over ? 'No stage of it ran.' : 'Its stages are shown here once it has been accepted.'}</p>
            )}
            {request.previousAttempts?.map((attempt) => (
                <details key={attempt.attempt}>
                    <summary>
                        Attempt {attempt.attempt}: {attempt.phase}
                        {attempt.reason !== undefined && ` (${attempt.reason})`}
                    </summary>
                    {attempt.stages && <Timeline stages={attempt.stages.map((stage) => ({ attempt: attempt.attempt, ...stage }))} live={false} openLog={openLog} hasLog={hasLog} />}
                </details>
            ))}
            <Events id={request.id} fresh={`${request.phase} ${request.attempt}`} />
            <LogDialog open={log !== undefined} close={() => setLog(undefined)} id={request.id} stage={log?.stage ?? ''} attempt={log?.attempt} live={!over} />
        </section>
    );
}

function Events({ id, fresh }: { id: string; fresh: string }) {
    const [open, setOpen] = useState(false);
    const events = useLoad(open ? `events ${id} ${fresh}` : undefined, () => listReportEvents(id));
    return (
        <details className="no-print" onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>Everything that happened</summary>
            {events.error !== undefined && <ErrorNotice error={events.error} retry={events.reload} />}
            {open && !events.value && events.error === undefined && <Lines count={4} />}
            {events.value?.items.length === 0 && <p className="muted">Nothing is on record yet.</p>}
            <ol className="events">
                {events.value?.items.map((event) => (
                    <li key={event.id}>
                        <span className="muted" title={exact(event.at)}>
                            <Moment at={event.at} />
                        </span>
                        <span>
                            {event.stage !== undefined && <span className="strong">{event.stage} </span>}
                            <PhaseBadge phase={event.phase} />
                            {event.reason !== undefined && <span className="muted"> {event.reason}</span>}
                            {event.message !== undefined && event.message !== '' && <span className="small block">{event.message}</span>}
                        </span>
                    </li>
                ))}
            </ol>
        </details>
    );
}
