import { useState } from 'react';
import { deleteSchedule, getPipeline, getSchedule } from '../api/operations';
import { ProblemError } from '../api/problem';
import type { Pipeline, Schedule } from '../api/types';
import { useLive } from '../live/store';
import { useLoad } from '../live/useLoad';
import { NextTimes } from '../ask/SchedulePreviewPanel';
import { keyOf, latestSchedule } from '../logic/merge';
import { ConfirmButton } from '../parts/ConfirmButton';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Moment } from '../parts/Moment';
import { PhaseBadge } from '../parts/PhaseBadge';
import { Blocks } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { hasDraft } from '../shell/drafts';
import { rightsIn, useMe } from '../shell/me';
import { go } from '../shell/navigation';
import { tell } from '../shell/notices';
import { ScheduleActions } from './ScheduleActions';
import { scheduleDraft, ScheduleForm } from './ScheduleForm';
import { stateOf } from './SchedulesPage';

export default function SchedulePage({ namespace, name }: { namespace: string; name: string }) {
    useTitle(name);
    const me = useMe();
    const may = rightsIn(me, namespace);
    const loaded = useLoad(`schedule ${namespace}/${name}`, () => getSchedule({ namespace, name }));
    const { schedules } = useLive();
    const [editing, setEditing] = useState(() => hasDraft(scheduleDraft({ namespace, name })));
    const live = schedules.get(keyOf({ namespace, name }));
    const schedule = loaded.value && latestSchedule(loaded.value, live);
    const pipelineName = loaded.value?.pipeline;
    const pipeline = useLoad(pipelineName === undefined ? undefined : `pipeline ${namespace}/${pipelineName}`, () => getPipeline({ namespace, name: pipelineName ?? '' }));
    const missing = loaded.error instanceof ProblemError && loaded.error.status === 404;
    return (
        <>
            <p className="crumbs">
                <Link to={{ page: 'schedules' }}>Schedules</Link>
            </p>
            <div className="report-title">
                <h1>{missing ? 'There is no such schedule' : name}</h1>
                {schedule && <PhaseBadge phase={stateOf(schedule)} />}
            </div>
            {loaded.error !== undefined && <ErrorNotice error={loaded.error} retry={loaded.reload} />}
            {!schedule && loaded.error === undefined && <Blocks count={2} height={140} />}
            {schedule && (
                <>
                    <p className="lead">{schedule.sentence ?? schedule.schedule}</p>
                    {schedule.ready === 'False' && (
                        <div className="notice bad">
                            <p className="strong">No reports are made until this is fixed</p>
                            <p>{schedule.message ?? schedule.fault}</p>
                        </div>
                    )}
                    <div className="actions">
                        <button type="button" aria-expanded={editing} disabled={!may.schedule} title={may.schedule ? undefined : `You may not change schedules in ${namespace}. Whoever runs the cluster can grant it.`} onClick={() => setEditing(!editing)}>
                            Change
                        </button>
                        <ScheduleActions schedule={schedule} changed={loaded.reload} />
                        <ConfirmButton
                            label="Delete"
                            title={`Delete ${name}?`}
                            confirm="Delete the schedule"
                            danger
                            disabled={!may.schedule}
                            reason={`You may not delete schedules in ${namespace}. Whoever runs the cluster can grant it.`}
                            act={() => deleteSchedule({ namespace, name })}
                            done={() => {
                                tell({ id: `deleted ${name}`, title: 'The schedule is deleted', text: 'The reports that it made stay on record.', tone: 'ok' });
                                go({ page: 'schedules' });
                            }}
                        >
                            <p>No more reports are made by it. Those that it has made stay on record.</p>
                        </ConfirmButton>
                        <Link className="button" to={{ page: 'history', filters: { schedule: name, namespace } }}>
                            Its reports
                        </Link>
                    </div>
                    <Times schedule={schedule} />
                    {editing && pipeline.error !== undefined && <ErrorNotice error={pipeline.error} retry={pipeline.reload} what="It can’t be changed here" />}
                    {editing && pipelineName === undefined && <Empty title="It can’t be changed here">It brings its stages along, and isn’t of a report in the catalogue.</Empty>}
                    {editing && pipelineName !== undefined && !pipeline.value && pipeline.error === undefined && <Blocks count={3} height={110} />}
                    {editing && pipeline.value && <Editor loaded={schedule} pipeline={pipeline.value} may={may.schedule} />}
                </>
            )}
        </>
    );
}

/** What is edited is what was loaded first, or saved last: events in between don't take away what she types. */
function Editor({ loaded, pipeline, may }: { loaded: Schedule; pipeline: Pipeline; may: boolean }) {
    const [edited, setEdited] = useState({ schedule: loaded, edition: 0 });
    const edit = (schedule: Schedule) => setEdited((before) => ({ schedule, edition: before.edition + 1 }));
    return <ScheduleForm key={edited.edition} schedule={edited.schedule} pipeline={pipeline} may={may} edit={edit} />;
}

function Times({ schedule }: { schedule: Schedule }) {
    return (
        <section className="panel two" aria-label="Times">
            <div>
                <h2>Next five times</h2>
                {schedule.suspend && <p className="muted">Suspended: none of them until it is resumed.</p>}
                {schedule.next.length > 0 ? <NextTimes times={schedule.next} timeZone={schedule.timeZone ?? ''} /> : <p className="muted">It has no next time.</p>}
            </div>
            <dl className="facts">
                <div>
                    <dt>Last time</dt>
                    <dd>{schedule.lastScheduleTime === undefined ? 'never yet' : <Moment at={schedule.lastScheduleTime} />}</dd>
                </div>
                <div>
                    <dt>Last that succeeded</dt>
                    <dd>{schedule.lastSuccessfulTime === undefined ? 'none yet' : <Moment at={schedule.lastSuccessfulTime} />}</dd>
                </div>
                <div>
                    <dt>Going on now</dt>
                    <dd>{schedule.active && schedule.active.length > 0 ? schedule.active.join(', ') : 'none'}</dd>
                </div>
                <div>
                    <dt>Time zone</dt>
                    <dd>{schedule.timeZone ?? 'the cluster’s, mostly UTC'}</dd>
                </div>
            </dl>
        </section>
    );
}
