import { useEffect, useRef } from 'react';
import { getReport } from '../api/operations';
import { ProblemError } from '../api/problem';
import type { Delivery, Report, Request } from '../api/types';
import { useLive } from '../live/store';
import { useLoad } from '../live/useLoad';
import { isOver } from '../logic/phases';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Blocks, PageSkeleton } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { keyOf, latestRequest } from '../logic/merge';
import { Deliveries } from './Deliveries';
import { Facts } from './Facts';
import { Files } from './Files';
import { ReportHead } from './ReportHead';
import { Result } from './Result';
import { Timelines } from './Timelines';

/** One report, while it is made and for ever after. */
export default function ReportPage({ id }: { id: string }) {
    const { requests, deliveries } = useLive();
    const live = requests.get(id);
    const loaded = useLoad(`report ${id}`, () => getReport(id));
    const report = loaded.value;
    const request = latestRequest(report?.request, live);
    useTitle(request ? titleOf(report, request) : 'Report');
    useReloadOnChange(request, loaded.reload);
    const notYet = loaded.error instanceof ProblemError && loaded.error.status === 404 && live?.live === true;
    useTryAgain(notYet, loaded.reload);

    if (!request) {
        if (loaded.error === undefined) return <PageSkeleton />;
        return <Missing error={loaded.error} retry={loaded.reload} />;
    }
    const all = report ? mergeDeliveries(report.deliveries, [...deliveries.values()], id) : [];
    return (
        <article className="report">
            <p className="crumbs">
                <Link to={{ page: 'history', filters: {} }}>History</Link>
                {request.pipeline !== undefined && (
                    <>
                        {' / '}
                        <Link to={{ page: 'history', filters: { pipeline: request.pipeline, namespace: request.namespace } }}>{request.title ?? request.pipeline}</Link>
                    </>
                )}
            </p>
            <ReportHead request={request} report={report} title={titleOf(report, request)} />
            {loaded.error !== undefined && !notYet && <ErrorNotice error={loaded.error} retry={loaded.reload} />}
            <div className={isOver(request.phase) ? 'report-grid' : 'report-grid going-on'}>
                <div className="report-side">
                    {report && <Files id={id} report={report} over={isOver(request.phase)} />}
                    {report && isOver(request.phase) && <Deliveries report={report} request={request} deliveries={all} />}
                    <Facts request={request} />
                    {!report && <Blocks count={2} height={120} />}
                </div>
                <div className="report-main">
                    {report?.result && <Result id={id} report={report} result={report.result} reload={loaded.reload} />}
                    <Timelines request={request} report={report} />
                </div>
            </div>
        </article>
    );
}

function titleOf(report: Report | undefined, request: Request): string {
    return report?.title ?? request.title ?? request.pipeline ?? request.name;
}

/** What an end brings (rows, files, deliveries) is in no event. */
function useReloadOnChange(request: Request | undefined, reload: () => void): void {
    const state = request && [isOver(request.phase), request.attempt, request.recorded, request.delivered, request.live].join();
    const before = useRef(state);
    useEffect(() => {
        const changed = before.current !== undefined && state !== before.current;
        before.current = state;
        if (!changed) return undefined;
        const timer = setTimeout(reload, 250);
        return () => clearTimeout(timer);
    }, [state, reload]);
}

/** What has just been asked for may not have come to the replica that answers. */
function useTryAgain(wanted: boolean, reload: () => void): void {
    useEffect(() => {
        if (!wanted) return undefined;
        const timer = setInterval(reload, 800);
        return () => clearInterval(timer);
    }, [wanted, reload]);
}

function mergeDeliveries(loaded: readonly Delivery[], live: readonly Delivery[], id: string): Delivery[] {
    const all = new Map(loaded.map((delivery) => [keyOf(delivery), delivery]));
    for (const delivery of live) if (delivery.reportID === id) all.set(keyOf(delivery), delivery);
    return [...all.values()].sort((a, b) => Date.parse(b.createdAt ?? '') - Date.parse(a.createdAt ?? ''));
}

function Missing({ error, retry }: { error: unknown; retry: () => void }) {
    const missing = error instanceof ProblemError && error.status === 404;
    return (
        <>
            <h1>{missing ? 'There is no such report' : 'The report can’t be shown'}</h1>
            <ErrorNotice error={error} retry={retry} />
            <p>
                Look in the <Link to={{ page: 'history', filters: {} }}>history</Link>. If somebody gave you the address, ask them in which namespace it is: you may need to be granted access there.
            </p>
        </>
    );
}
