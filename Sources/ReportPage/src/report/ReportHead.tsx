import { deleteRequest, getPipeline } from '../api/operations';
import type { Report, Request } from '../api/types';
import { useLoad } from '../live/useLoad';
import { isOver } from '../logic/phases';
import { readable } from '../logic/parameters';
import { ConfirmButton } from '../parts/ConfirmButton';
import { Link } from '../parts/Link';
import { PhaseBadge } from '../parts/PhaseBadge';
import { StageBar } from '../parts/StageBar';
import { Expected } from '../runs/Expected';
import { RunActions } from '../runs/RunActions';
import { useQueue } from '../runs/useQueue';
import { keyOf } from '../logic/merge';
import { NotifyButton } from '../runs/NotifyButton';
import { rightsIn, useMe } from '../shell/me';
import { tell } from '../shell/notices';

/** As the pipeline calls them now; where it is gone, or can't be seen, by their names. */
function useParameterTitles(namespace: string, name: string | undefined): ReadonlyMap<string, string> {
    const known = name !== undefined && name !== '(inline)';
    const pipeline = useLoad(known ? `pipeline ${namespace}/${name}` : undefined, () => getPipeline({ namespace, name: name ?? '' }));
    return new Map(pipeline.value?.parameters.map((spec) => [spec.name, spec.title ?? spec.name]));
}

/** What the operator says of a run that was cancelled is for those who write resources. */
function endOf({ phase, live, message = '' }: Request): string {
    if (phase !== 'Cancelled' || !message.includes('spec.')) return message;
    return live ? 'Retry takes it up again where it was stopped.' : 'It ran no further.';
}

export function ReportHead({ request, report, title }: { request: Request; report: Report | undefined; title: string }) {
    const me = useMe();
    const may = report?.may ?? rightsIn(me, request.namespace);
    const over = isOver(request.phase);
    const places = useQueue(!over);
    const { namespace, name, pipeline } = request;
    const titles = useParameterTitles(namespace, pipeline);
    const parameters = Object.entries(request.parameters ?? {});
    const { clusterName } = request;
    return (
        <header className="report-head">
            <div className="report-title">
                <h1>{title}</h1>
                <PhaseBadge phase={request.phase} />
            </div>
            {(parameters.length > 0 || clusterName !== undefined) && (
                <dl className="report-parameters">
                    {parameters.map(([parameter, value]) => (
                        <div key={parameter}>
                            <dt>{titles.get(parameter) ?? parameter}</dt>
                            <dd>{readable(value)}</dd>
                        </div>
                    ))}
                    {clusterName !== undefined && (
                        <div>
                            <dt>Cluster</dt>
                            <dd>{clusterName}</dd>
                        </div>
                    )}
                </dl>
            )}
            {!over && (
                <div className="live" role="status" aria-live="polite">
                    <p className="strong">
                        <Expected request={request} place={places.get(keyOf(request))} />
                    </p>
                    <StageBar request={request} />
                    {request.message !== undefined && <p className="muted">{request.message}</p>}
                    <NotifyButton />
                </div>
            )}
            {over && request.phase !== 'Succeeded' && request.message !== undefined && (
                <div className={request.phase === 'Failed' ? 'notice bad' : 'notice calm'}>
                    <p className="strong">{request.phase === 'Failed' ? `It failed${request.reason === undefined ? '' : ` (${request.reason})`}` : 'It was cancelled'}</p>
                    <p className="message">{endOf(request)}</p>
                </div>
            )}
            <div className="actions no-print">
                {pipeline !== undefined && pipeline !== '(inline)' && (
                    <Link className="button" to={{ page: 'form', namespace, name: pipeline, again: request.id }}>
                        Ask again
                    </Link>
                )}
                <RunActions request={request} may={may} />
                {over && (
                    <button type="button" onClick={() => print()}>
                        Print
                    </button>
                )}
                {request.live && over && (
                    <ConfirmButton
                        label="Delete"
                        title="Delete this request?"
                        confirm="Delete the request"
                        act={() => deleteRequest({ namespace, name })}
                        done={() => tell({ id: `deleted ${request.id}`, title: 'The request is deleted', text: 'The report stays on record, here.', tone: 'ok' })}
                        danger
                        disabled={!may.delete}
                        reason={`You may not delete requests in ${namespace}. Whoever runs the cluster can grant it.`}
                    >
                        <p>The request {name} leaves the cluster, and can’t be retried any more. The report itself stays on record: its rows, files and deliveries can be seen here as before.</p>
                    </ConfirmButton>
                )}
            </div>
        </header>
    );
}
