import { useState } from 'react';
import type { Request } from '../api/types';
import { isOver } from '../logic/phases';
import { Link } from '../parts/Link';
import { LogDialog } from '../parts/LogDialog';
import { Moment } from '../parts/Moment';
import { Parameters } from '../parts/Parameters';
import { PhaseBadge } from '../parts/PhaseBadge';
import { StageBar } from '../parts/StageBar';
import { rightsIn, useMe } from '../shell/me';
import { Expected } from './Expected';
import { RunActions } from './RunActions';
import type { QueuePlace } from './useQueue';

export function RunRow({ request, place }: { request: Request; place: QueuePlace | undefined }) {
    const me = useMe();
    const may = rightsIn(me, request.namespace);
    const [log, setLog] = useState(false);
    const over = isOver(request.phase);
    const current = request.stages?.find((stage) => stage.phase === 'Running' || stage.phase === 'Failed')?.name ?? /^\d+\/\d+ ([a-z0-9-]+)/.exec(request.stage ?? '')?.[1];
    return (
        <li className="run-row">
            <div className="run-what">
                <h3>
                    <Link to={{ page: 'report', id: request.id }}>{request.title ?? request.pipeline ?? request.name}</Link>
                </h3>
                <Parameters parameters={request.parameters} />
                <p className="muted small">
                    {request.requester?.name ?? request.requester?.email ?? (request.schedule === undefined ? request.name : `schedule ${request.schedule}`)}
                    {' · '}
                    {request.namespace}
                    {place && place.group.limit > 0 && request.phase === 'Queued' && ` · ${place.group.limit} at a time`}
                    {request.phase === 'Queued' && request.priority !== 0 && ` · priority ${request.priority}`}
                </p>
            </div>
            <div className="run-how">
                <p>
                    <PhaseBadge phase={request.phase} /> {over ? <Moment at={request.completedAt ?? request.createdAt} relative /> : <Expected request={request} place={place} />}
                </p>
                {request.phase !== 'Queued' && !over && <StageBar request={request} />}
                {request.message !== undefined && (request.phase === 'Failed' || request.phase === 'Queued' || request.phase === 'Cancelling') && <p className="muted small message">{request.message}</p>}
            </div>
            <div className="run-actions">
                <RunActions request={request} may={may} />
                {may.readLogs && current !== undefined && (
                    <button type="button" onClick={() => setLog(true)}>
                        Log
                    </button>
                )}
                <LogDialog open={log} close={() => setLog(false)} id={request.id} stage={current ?? ''} stages={request.stages?.map(({ name }) => name)} live={!over} />
            </div>
        </li>
    );
}
