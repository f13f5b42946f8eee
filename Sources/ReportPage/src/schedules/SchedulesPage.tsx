import { listSchedules } from '../api/operations';
import type { Schedule } from '../api/types';
import { useLive } from '../live/store';
import { useLoad, useNow } from '../live/useLoad';
import { keyOf } from '../logic/merge';
import { exact, nearTime } from '../logic/times';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Moment } from '../parts/Moment';
import { PhaseBadge } from '../parts/PhaseBadge';
import { Blocks } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { ScheduleActions } from './ScheduleActions';
import { useDeletions } from './useDeletions';

/** Reports that are made by themselves, and when next. */
export default function SchedulesPage() {
    useTitle('Schedules');
    const loaded = useLoad('schedules', loadAll);
    const { schedules: live } = useLive();
    const deleted = useDeletions();
    const all = new Map((loaded.value ?? []).map((schedule) => [keyOf(schedule), schedule]));
    for (const [key, schedule] of live) all.set(key, { ...all.get(key), ...schedule });
    const schedules = [...all.values()].filter((schedule) => !deleted.has(keyOf(schedule))).sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
    return (
        <>
            <div className="page-head">
                <h1>Schedules</h1>
                <Link className="button" to={{ page: 'ask' }}>
                    New schedule
                </Link>
            </div>
            {loaded.error !== undefined && <ErrorNotice error={loaded.error} retry={loaded.reload} what="The schedules can’t be shown" />}
            {!loaded.value && loaded.error === undefined && <Blocks count={4} height={56} />}
            {loaded.value && schedules.length === 0 && (
                <Empty title="No report is made by itself yet">
                    <p>
                        <Link to={{ page: 'ask' }}>Choose a report</Link>, and in its form <em>On a schedule</em>.
                    </p>
                </Empty>
            )}
            {schedules.length > 0 && <ScheduleTable schedules={schedules} />}
        </>
    );
}

function ScheduleTable({ schedules }: { schedules: readonly Schedule[] }) {
    const now = useNow(30_000);
    return (
        <table className="list">
            <thead>
                <tr>
                    <th scope="col">Schedule</th>
                    <th scope="col">When</th>
                    <th scope="col">Next</th>
                    <th scope="col">Last</th>
                    <th scope="col">State</th>
                    <th scope="col">
                        <span className="visually-hidden">Actions</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                {schedules.map((schedule) => {
                    const next = schedule.next[0];
                    return (
                        <tr key={keyOf(schedule)}>
                            <th scope="row">
                                <Link to={{ page: 'schedule', namespace: schedule.namespace, name: schedule.name }}>{schedule.name}</Link>
                                <span className="muted small block">
                                    {schedule.pipeline ?? '(inline)'} · {schedule.namespace}
                                </span>
                            </th>
                            <td data-label="When">{schedule.sentence ?? <code>{schedule.schedule}</code>}</td>
                            <td data-label="Next">{next && !schedule.suspend ? <time dateTime={next.utc} title={exact(next.utc)}>{nearTime(next.utc, now)}</time> : '–'}</td>
                            <td data-label="Last">{schedule.lastScheduleTime === undefined ? '–' : <Moment at={schedule.lastScheduleTime} />}</td>
                            <td data-label="State">
                                <PhaseBadge phase={stateOf(schedule)} />
                                {schedule.ready === 'False' && <span className="small block">{schedule.message ?? schedule.fault}</span>}
                            </td>
                            <td>
                                <div className="row-actions">
                                    <ScheduleActions schedule={schedule} changed={loadedAgain} />
                                </div>
                            </td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}

/** Changes come back as events. */
const loadedAgain = () => undefined;

export function stateOf(schedule: Schedule): string {
    if (schedule.ready === 'False') return 'Not ready';
    return schedule.suspend ? 'Suspended' : schedule.ready === 'True' ? 'Ready' : 'Unknown';
}

async function loadAll(): Promise<Schedule[]> {
    const items: Schedule[] = [];
    let cursor: string | undefined;
    do {
        const page = await listSchedules({ limit: 500, cursor });
        items.push(...page.items);
        cursor = page.next;
    } while (cursor !== undefined && items.length < 5_000);
    return items;
}
