import type { Request } from '../api/types';
import { useNow } from '../live/useLoad';
import { clusterOf, showsClusters } from '../logic/clusters';
import { between, duration } from '../logic/durations';
import { isOver } from '../logic/phases';
import { Link } from '../parts/Link';
import { Moment } from '../parts/Moment';
import { Parameters } from '../parts/Parameters';
import { PhaseBadge } from '../parts/PhaseBadge';

export function HistoryTable({ requests }: { requests: readonly Request[] }) {
    const now = useNow(requests.some((request) => !isOver(request.phase)) ? 1_000 : 60_000);
    const clusters = showsClusters(requests);
    return (
        <table className="list">
            <thead>
                <tr>
                    <th scope="col">Report</th>
                    {clusters && <th scope="col">Cluster</th>}
                    <th scope="col">Parameters</th>
                    <th scope="col">Asked for by</th>
                    <th scope="col">Asked</th>
                    <th scope="col" className="number">
                        Took
                    </th>
                    <th scope="col">State</th>
                </tr>
            </thead>
            <tbody>
                {requests.map((request) => {
                    const took = between(request.startedAt, request.completedAt, now);
                    return (
                        <tr key={request.id}>
                            <th scope="row">
                                <Link to={{ page: 'report', id: request.id }}>{request.title ?? request.pipeline ?? request.name}</Link>
                                <span className="muted small block">{request.name}</span>
                            </th>
                            {clusters && <td data-label="Cluster">{clusterOf(request) ?? '–'}</td>}
                            <td data-label="Parameters">
                                <Parameters parameters={request.parameters} />
                            </td>
                            <td data-label="Asked for by">
                                {request.requester?.name ?? request.requester?.email ?? '–'}
                                {request.schedule !== undefined && <span className="muted small block">schedule {request.schedule}</span>}
                            </td>
                            <td data-label="Asked">
                                <Moment at={request.createdAt} />
                            </td>
                            <td data-label="Took" className="number">
                                {took === undefined || (isOver(request.phase) && request.completedAt === undefined) ? '–' : duration(took)}
                            </td>
                            <td data-label="State">
                                <PhaseBadge phase={request.phase} />
                                {request.delivered === 'False' && <span className="fault small block">not all delivered</span>}
                            </td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}
