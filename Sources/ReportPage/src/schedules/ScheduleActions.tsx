import { patchSchedule, runScheduleNow } from '../api/operations';
import type { Schedule } from '../api/types';
import { store } from '../live/store';
import { ActionButton } from '../parts/ActionButton';
import { rightsIn, useMe } from '../shell/me';
import { tell } from '../shell/notices';

export function ScheduleActions({ schedule, changed }: { schedule: Schedule; changed: (schedule: Schedule) => void }) {
    const me = useMe();
    const may = rightsIn(me, schedule.namespace);
    const reason = may.schedule ? undefined : `You may not change schedules in ${schedule.namespace}. Whoever runs the cluster can grant it.`;
    const runNow = async () => {
        const request = await runScheduleNow(schedule);
        store.takeRequests([request]);
        tell({ id: `run ${request.id}`, title: request.title ?? schedule.name, text: 'It is being made.', tone: 'ok', to: { page: 'report', id: request.id } });
    };
    const suspend = async () => {
        const after = await patchSchedule(schedule, { suspend: !schedule.suspend });
        store.apply({ type: 'schedule', data: JSON.stringify(after) });
        changed(after);
    };
    return (
        <>
            <ActionButton label="Run now" act={runNow} disabled={!may.schedule} reason={reason} />
            <ActionButton label={schedule.suspend ? 'Resume' : 'Suspend'} act={suspend} disabled={!may.schedule} reason={reason} />
        </>
    );
}
