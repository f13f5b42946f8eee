import type { Deliver, Format, NewRequest, NewSchedule, Pipeline, Request, Schedule } from '../api/types';
import { expression, Frequency, frequencyOf, scheduleName } from '../logic/cron';
import { defaultValues, fault, FieldValues, parameterBody, recordedValues } from '../logic/parameters';
import { monthAt } from '../logic/times';

/** All that the form of a report or of a schedule holds. Plain data: it is kept as a draft. */
export type FormState = {
    values: FieldValues;
    formats: Format[];
    delivery: 'default' | 'none' | 'chosen';
    deliver: Deliver[];
    when: 'once' | 'schedule';
    frequency: Frequency;
    timeZone: string;
    name: string;
    concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
    otherRequester: boolean;
    requester: { name: string; email: string };
};

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function emptyForm(pipeline: Pipeline, now: number): FormState {
    const values = defaultValues(pipeline.parameters);
    // Books are closed for the month before: the likeliest answer is there already, and easily changed.
    for (const spec of pipeline.parameters) {
        if (spec.type === 'month' && spec.required && values[spec.name] === '') values[spec.name] = monthAt(now, -1);
    }
    return {
        values,
        formats: ['pdf'],
        delivery: 'default',
        deliver: [],
        when: 'once',
        frequency: { every: 'month', day: 1, time: '06:00' },
        timeZone: ownZone,
        name: '',
        concurrencyPolicy: 'Forbid',
        otherRequester: false,
        requester: { name: '', email: '' },
    };
}

/** The form as it was filled in for an earlier request. */
export function formOfRequest(pipeline: Pipeline, request: Request, now: number): FormState {
    const formats = (request.formats ?? []) as Format[];
    return {
        ...emptyForm(pipeline, now),
        values: recordedValues(pipeline.parameters, request.parameters),
        ...(formats.length > 0 ? { formats } : {}),
    };
}

export function formOfSchedule(pipeline: Pipeline, schedule: Schedule, now: number): FormState {
    const texts = Object.fromEntries(
        Object.entries(schedule.parameters ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    return {
        ...emptyForm(pipeline, now),
        values: recordedValues(pipeline.parameters, texts),
        formats: (schedule.formats ?? []) as Format[],
        delivery: schedule.deliver === undefined ? 'default' : schedule.deliver.length === 0 ? 'none' : 'chosen',
        deliver: schedule.deliver ?? [],
        when: 'schedule',
        frequency: frequencyOf(schedule.schedule),
        timeZone: schedule.timeZone ?? '',
        name: schedule.name,
        concurrencyPolicy: (schedule.concurrencyPolicy ?? 'Forbid') as FormState['concurrencyPolicy'],
        otherRequester: schedule.requester !== undefined,
        requester: { name: schedule.requester?.name ?? '', email: schedule.requester?.email ?? '' },
    };
}

/** What is wrong before anything is sent, by the API's names of fields. */
export function faults(pipeline: Pipeline, form: FormState): Record<string, string> {
    const found: Record<string, string> = {};
    for (const spec of pipeline.parameters) {
        const message = fault(spec, form.values[spec.name], form.when === 'schedule');
        if (message !== undefined) found[`parameters.${spec.name}`] = message;
    }
    if (form.when === 'schedule' && expression(form.frequency) === '') found['schedule'] = 'Required.';
    if (form.delivery === 'chosen' && form.deliver.length === 0) found['deliver'] = 'Choose a way, or choose not to send it.';
    return found;
}

function common(pipeline: Pipeline, form: FormState) {
    const requester = Object.fromEntries(Object.entries(form.requester).filter(([, text]) => text.trim() !== ''));
    return {
        pipeline: pipeline.name,
        parameters: parameterBody(pipeline.parameters, form.values),
        formats: form.formats,
        ...(form.delivery === 'default' ? {} : { deliver: form.delivery === 'none' ? [] : form.deliver }),
        ...(form.otherRequester && Object.keys(requester).length > 0 ? { requester } : {}),
    };
}

export function requestBody(pipeline: Pipeline, form: FormState): NewRequest {
    return { namespace: pipeline.namespace, ...common(pipeline, form) };
}

export function scheduleBody(pipeline: Pipeline, form: FormState): NewSchedule {
    return {
        namespace: pipeline.namespace,
        name: form.name.trim() || scheduleName(pipeline.name, form.frequency),
        schedule: expression(form.frequency),
        ...(form.timeZone.trim() === '' ? {} : { timeZone: form.timeZone.trim() }),
        concurrencyPolicy: form.concurrencyPolicy,
        ...common(pipeline, form),
    };
}
