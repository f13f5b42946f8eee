import { listRequests } from '../api/operations';
import type { Pipeline } from '../api/types';
import { useLive } from '../live/store';
import { useLoad } from '../live/useLoad';
import type { FieldValues } from '../logic/parameters';
import { similarReport } from '../logic/similar';
import { Link } from '../parts/Link';
import { Moment } from '../parts/Moment';

/** The same report may be there already, or be on its way: then she needs to ask nobody. */
export function SimilarNotice({ pipeline, values }: { pipeline: Pipeline; values: FieldValues }) {
    const { namespace, name } = pipeline;
    const { requests } = useLive();
    // A day, and what may have run for two more.
    const recent = useLoad(`similar ${namespace}/${name}`, () =>
        listRequests({ namespace, pipeline: name, from: new Date(Date.now() - 3 * 86_400_000).toISOString(), limit: 200 }),
    );
    const known = new Map((recent.value?.items ?? []).map((request) => [request.id, request]));
    for (const request of requests.values()) known.set(request.id, request);
    const found = similarReport(known.values(), pipeline, values, Date.now());
    if (!found) return null;
    return (
        <div className="notice calm" role="status">
            <p className="strong">{found.phase === 'Succeeded' ? 'This report has just been made' : 'This report is being made already'}</p>
            <p>
                With the same parameters,{' '}
                {found.phase === 'Succeeded' ? 'done ' : found.phase === 'Queued' ? 'waiting since ' : 'running since '}
                <Moment at={found.completedAt ?? found.startedAt ?? found.queuedAt ?? found.createdAt} relative={found.phase === 'Succeeded'} />
                {found.requester?.name !== undefined && `, asked for by ${found.requester.name}`}.{' '}
                <Link to={{ page: 'report', id: found.id }}>Open it</Link>
            </p>
        </div>
    );
}
