import type { Stage } from '../api/types';
import { between, duration } from '../logic/durations';
import { timeline } from '../logic/phases';
import { clockTime } from '../logic/times';
import { useNow } from '../live/useLoad';
import { PhaseBadge, toneOf } from './PhaseBadge';

type Properties = { stages: readonly Stage[]; live: boolean; openLog?: ((stage: Stage) => void) | undefined; hasLog?: (stage: Stage) => boolean };

/** When each stage ran, as bars on one axis; it grows while the run goes on. A table, so that it can be read without eyes. */
export function Timeline({ stages, live, openLog, hasLog }: Properties) {
    const now = useNow(live ? 1_000 : 3_600_000);
    const chart = timeline(stages, now);
    return (
        <div className="timeline-scroll" tabIndex={0} role="region" aria-label="Timeline of the stages">
            <table className="timeline">
                <thead>
                    <tr>
                        <th scope="col">Stage</th>
                        <th scope="col" className="timeline-axis">
                            {chart ? (
                                <span className="axis">
                                    <span>{clockTime(chart.begin)}</span>
                                    <span>{live ? 'now' : clockTime(chart.begin + chart.span)}</span>
                                </span>
                            ) : (
                                'Time'
                            )}
                        </th>
                        <th scope="col" className="number">
                            Took
                        </th>
                        <th scope="col">State</th>
                        {openLog && (
                            <th scope="col">
                                <span className="visually-hidden">Log</span>
                            </th>
                        )}
                    </tr>
                </thead>
                <tbody>
                    {stages.map((stage) => {
                        const bar = chart?.bars.find((candidate) => candidate.stage === stage);
                        const took = between(stage.startedAt, stage.completedAt, now);
                        return (
                            <tr key={stage.name}>
                                <th scope="row">{stage.name}</th>
                                <td className="timeline-axis">
                                    <svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true" className="bars">
                                        <rect className="track" x="0" y="6" width="1000" height="2" />
                                        {bar && <rect className={`fill-${toneOf(stage.phase)}`} x={bar.begin * 1000} y="1" width={Math.max(6, (bar.end - bar.begin) * 1000)} height="12" rx="3" />}
                                    </svg>
                                    {stage.message !== undefined && stage.message !== '' && stage.phase !== 'Succeeded' && <p className="small muted">{stage.message}</p>}
                                </td>
                                <td className="number">{took === undefined ? '–' : duration(took)}</td>
                                <td>
                                    <PhaseBadge phase={stage.phase} />
                                </td>
                                {openLog && (
                                    <td>
                                        {(hasLog?.(stage) ?? true) && stage.phase !== 'Pending' && stage.phase !== 'Skipped' && (
                                            <button type="button" className="plain" onClick={() => openLog(stage)} aria-label={`Log of ${stage.name}`}>
                                                Log
                                            </button>
                                        )}
                                    </td>
                                )}
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}
