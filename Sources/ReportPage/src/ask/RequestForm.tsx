import { FormEvent, useRef } from 'react';
import { createRequest, createSchedule } from '../api/operations';
import type { Pipeline } from '../api/types';
import { store } from '../live/store';
import { duration } from '../logic/durations';
import { ErrorNotice } from '../parts/ErrorNotice';
import { FormatChoice } from '../parts/FormatChoice';
import { useDraft } from '../shell/drafts';
import { rightsIn, useMe } from '../shell/me';
import { go } from '../shell/navigation';
import { DeliveryFields } from './DeliveryFields';
import { faults, FormState, requestBody, scheduleBody } from './formState';
import { ParameterField } from './ParameterField';
import { relativeDefault } from './RelativeField';
import { RequesterFields } from './RequesterFields';
import { ScheduleFields } from './ScheduleFields';
import { SimilarNotice } from './SimilarNotice';
import { useSubmission } from './useSubmission';

type Properties = { pipeline: Pipeline; initial: FormState; draftKey: string };

export function RequestForm({ pipeline, initial, draftKey }: Properties) {
    const me = useMe();
    const may = pipeline.may ?? rightsIn(me, pipeline.namespace);
    const draft = useDraft<FormState>(draftKey, initial);
    const { value: form, change } = draft;
    const element = useRef<HTMLFormElement>(null);
    const submission = useSubmission(element);
    const { faultOf } = submission;
    const allowed = form.when === 'once' ? may.ask : may.schedule;

    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const found = faults(pipeline, form);
        if (form.when === 'once') {
            const body = requestBody(pipeline, form);
            const request = await submission.submit(body, found, (key) => createRequest(body, key));
            if (!request) return;
            store.takeRequests([request]);
            draft.discard();
            go({ page: 'report', id: request.id });
        } else {
            const body = scheduleBody(pipeline, form);
            const schedule = await submission.submit(body, found, (key) => createSchedule(body, key));
            if (!schedule) return;
            draft.discard();
            go({ page: 'schedule', namespace: schedule.namespace, name: schedule.name });
        }
    };
    const setWhen = (when: FormState['when']) =>
        change((before) => ({ ...before, when, values: { ...before.values, ...monthsFor(when, pipeline, before, initial) } }));

    return (
        <form className="ask-form" ref={element} onSubmit={(event) => void submit(event)} noValidate aria-label={`Ask for ${pipeline.title ?? pipeline.name}`}>
            {draft.restored && (
                <div className="notice calm" role="status">
                    <p>
                        What you had filled in is here again.{' '}
                        <button type="button" className="link" onClick={draft.startOver}>
                            Start over
                        </button>
                    </p>
                </div>
            )}
            <section className="panel" aria-labelledby="section-what">
                <h2 id="section-what">What</h2>
                {pipeline.parameters.length === 0 && <p className="muted">This report has no parameters.</p>}
                {pipeline.parameters.map((spec) => (
                    <ParameterField
                        key={spec.name}
                        spec={spec}
                        value={form.values[spec.name] ?? ''}
                        scheduled={form.when === 'schedule'}
                        error={faultOf(`parameters.${spec.name}`)}
                        change={(value) => {
                            submission.forget(`parameters.${spec.name}`);
                            change((before) => ({ ...before, values: { ...before.values, [spec.name]: value } }));
                        }}
                    />
                ))}
            </section>
            <section className="panel" aria-labelledby="section-how">
                <h2 id="section-how">Files and delivery</h2>
                <FormatChoice id="formats" legend="Files" chosen={form.formats} change={(formats) => change((before) => ({ ...before, formats }))} error={faultOf('formats')} />
                <DeliveryFields pipeline={pipeline} form={form} change={change} faultOf={faultOf} />
                {may.askForOthers && <RequesterFields form={form} change={change} faultOf={faultOf} />}
            </section>
            <section className="panel" aria-labelledby="section-when">
                <h2 id="section-when">When</h2>
                <div className="segments" role="group" aria-labelledby="section-when">
                    <label>
                        <input type="radio" name="when" checked={form.when === 'once'} onChange={() => setWhen('once')} />
                        <span>Once, now</span>
                    </label>
                    <label>
                        <input type="radio" name="when" checked={form.when === 'schedule'} onChange={() => setWhen('schedule')} />
                        <span>On a schedule</span>
                    </label>
                </div>
                {form.when === 'schedule' && <ScheduleFields pipeline={pipeline} form={form} change={change} faultOf={faultOf} named={false} />}
                {form.when === 'once' && (
                    <p className="muted">
                        {pipeline.expectedSeconds === undefined
                            ? 'How long it takes isn’t known yet: no run of it has ended well so far.'
                            : `It usually takes ${duration(pipeline.expectedSeconds * 1000)}.`}
                    </p>
                )}
            </section>
            <div className="submit" aria-live="polite">
                {form.when === 'once' && <SimilarNotice pipeline={pipeline} values={form.values} />}
                {!allowed && (
                    <div className="notice warn">
                        <p className="strong">You may not {form.when === 'once' ? 'ask for reports' : 'make schedules'} in {pipeline.namespace}</p>
                        <p>Whoever runs the cluster can grant it to you. Tell them the namespace, and your name there: {me.user}</p>
                    </div>
                )}
                {submission.faultCount > 0 && (
                    <p className="fault" role="alert">
                        {submission.faultCount === 1 ? 'One field needs' : `${submission.faultCount} fields need`} another look.
                    </p>
                )}
                {submission.error !== undefined && <ErrorNotice error={submission.error} />}
                <div className="actions">
                    <button type="submit" className="primary" disabled={submission.busy || !allowed || pipeline.fault !== undefined}>
                        {submission.busy ? 'One moment …' : form.when === 'once' ? 'Ask for it' : 'Make the schedule'}
                    </button>
                </div>
            </div>
        </form>
    );
}

/** Months and days follow each run of a schedule, and are fixed for a single report. */
function monthsFor(when: FormState['when'], pipeline: Pipeline, form: FormState, initial: FormState): FormState['values'] {
    const values: FormState['values'] = {};
    for (const spec of pipeline.parameters) {
        const relative = relativeDefault(spec);
        if (relative === undefined || spec.multiple || spec.enum) continue;
        const value = form.values[spec.name];
        if (when === 'schedule') values[spec.name] = typeof value === 'string' && value.includes('{') ? value : relative;
        else if (typeof value === 'string' && value.includes('{')) values[spec.name] = initial.values[spec.name] ?? '';
    }
    return values;
}
