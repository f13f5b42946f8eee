import { FormEvent, useMemo, useRef } from 'react';
import { getSchedule, replaceSchedule } from '../api/operations';
import { ProblemError } from '../api/problem';
import type { Pipeline, Schedule, ScheduleReplacement } from '../api/types';
import { DeliveryFields } from '../ask/DeliveryFields';
import { faults, formOfSchedule, FormState, scheduleBody } from '../ask/formState';
import { ParameterField } from '../ask/ParameterField';
import { ScheduleFields } from '../ask/ScheduleFields';
import { useSubmission } from '../ask/useSubmission';
import { store } from '../live/store';
import { ErrorNotice } from '../parts/ErrorNotice';
import { FormatChoice } from '../parts/FormatChoice';
import { useDraft } from '../shell/drafts';
import { tell } from '../shell/notices';

type Properties = { schedule: Schedule; pipeline: Pipeline; may: boolean; edit: (schedule: Schedule) => void };

export const scheduleDraft = ({ namespace, name }: { namespace: string; name: string }): string => `schedule ${namespace}/${name}`;

/** The same fields that made it. Somebody else's change in the meantime isn't overwritten. */
export function ScheduleForm({ schedule, pipeline, may, edit }: Properties) {
    const initial = useMemo(() => formOfSchedule(pipeline, schedule, Date.now()), [pipeline, schedule]);
    const { value: form, change, discard, startOver } = useDraft<FormState>(scheduleDraft(schedule), initial);
    const element = useRef<HTMLFormElement>(null);
    const submission = useSubmission(element);
    const { faultOf } = submission;
    const dirty = JSON.stringify(form) !== JSON.stringify(initial);
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const body = replacementOf(schedule, pipeline, form);
        const after = await submission.submit(body, faults(pipeline, form), () => replaceUnchanged(schedule, body));
        if (!after) return;
        discard();
        store.apply({ type: 'schedule', data: JSON.stringify(after) });
        tell({ id: `saved ${schedule.name}`, title: 'The schedule is changed', text: after.sentence ?? after.schedule, tone: 'ok' });
        edit(after);
    };
    const loadAgain = () => {
        startOver();
        getSchedule(schedule).then(edit, () => undefined);
    };
    const conflict = submission.error instanceof ProblemError && submission.error.status === 409;
    return (
        <form className="ask-form" ref={element} onSubmit={(event) => void submit(event)} noValidate aria-label="Change the schedule">
            <section className="panel" aria-labelledby="section-when">
                <h2 id="section-when">When</h2>
                <ScheduleFields pipeline={pipeline} form={form} change={change} faultOf={faultOf} named />
            </section>
            <section className="panel" aria-labelledby="section-what">
                <h2 id="section-what">What</h2>
                {pipeline.parameters.length === 0 && <p className="muted">This report has no parameters.</p>}
                {pipeline.parameters.map((spec) => (
                    <ParameterField
                        key={spec.name}
                        spec={spec}
                        value={form.values[spec.name] ?? ''}
                        scheduled
                        error={faultOf(`parameters.${spec.name}`)}
                        change={(value) => change((before) => ({ ...before, values: { ...before.values, [spec.name]: value } }))}
                    />
                ))}
            </section>
            <section className="panel" aria-labelledby="section-how">
                <h2 id="section-how">Files and delivery</h2>
                <FormatChoice id="formats" legend="Files" chosen={form.formats} change={(formats) => change((before) => ({ ...before, formats }))} error={faultOf('formats')} />
                <DeliveryFields pipeline={pipeline} form={form} change={change} faultOf={faultOf} />
            </section>
            <div className="submit" aria-live="polite">
                {submission.error !== undefined && <ErrorNotice error={submission.error} />}
                {conflict && <p>Somebody has changed it meanwhile. Load it again to see how it is now; your changes are dropped then.</p>}
                <div className="actions">
                    <button type="submit" className="primary" disabled={!may || !dirty || submission.busy} title={may ? undefined : 'You may not change schedules here. Whoever runs the cluster can grant it.'}>
                        {submission.busy ? 'One moment …' : 'Save the changes'}
                    </button>
                    {dirty && (
                        <button type="button" onClick={conflict ? loadAgain : startOver}>
                            {conflict ? 'Load it again' : 'Undo them'}
                        </button>
                    )}
                </div>
            </div>
        </form>
    );
}

/** A status that has changed since is no conflict: the versions are compared once more without it. */
async function replaceUnchanged(schedule: Schedule, body: ScheduleReplacement): Promise<Schedule> {
    try {
        return await replaceSchedule(schedule, body);
    } catch (error) {
        if (!(error instanceof ProblemError && error.status === 409)) throw error;
        const present = await getSchedule(schedule);
        if (specOf(present) !== specOf(schedule) || present.resourceVersion === undefined) throw error;
        return replaceSchedule(schedule, { ...body, resourceVersion: present.resourceVersion });
    }
}

function specOf({ schedule, timeZone, concurrencyPolicy, startingDeadlineSeconds, suspend, pipeline, parameters, formats, deliver, priority, requester }: Schedule): string {
    return JSON.stringify([schedule, timeZone, concurrencyPolicy, startingDeadlineSeconds, suspend, pipeline, parameters, formats, deliver, priority, requester]);
}

/** What the form doesn't show stays as it is. */
function replacementOf(schedule: Schedule, pipeline: Pipeline, form: FormState): ScheduleReplacement {
    const { namespace: _namespace, name: _name, ...body } = scheduleBody(pipeline, form);
    return {
        ...body,
        suspend: schedule.suspend,
        ...(schedule.startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds: schedule.startingDeadlineSeconds }),
        ...(schedule.priority === undefined ? {} : { priority: schedule.priority }),
        ...(schedule.ttlSecondsAfterFinished === undefined ? {} : { ttlSecondsAfterFinished: schedule.ttlSecondsAfterFinished }),
        ...(schedule.resourceVersion === undefined ? {} : { resourceVersion: schedule.resourceVersion }),
    };
}
