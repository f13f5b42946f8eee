import { address, Call, Query, send } from './client';
import type * as API from './types';

/** What the page asks the gateway. Every path here is held against the contract by a test. */

type Values = Record<string, string>;

async function call<Answer>(method: string, path: string, values: Values, options: Call = {}): Promise<Answer> {
    const response = await send(method, address(path, values, options.query), options);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
}

type Named = { namespace: string; name: string };
const named = ({ namespace, name }: Named): Values => ({ namespace, name });

export const getMe = () => call<API.Me>('GET', '/me', {});

export const listPipelines = (query: Query, signal?: AbortSignal) =>
    call<API.PipelineList>('GET', '/pipelines', {}, { query, ...(signal ? { signal } : {}) });

export const getPipeline = (pipeline: Named) => call<API.Pipeline>('GET', '/pipelines/{namespace}/{name}', named(pipeline));

export const listRequests = (query: Query) => call<API.RequestList>('GET', '/requests', {}, { query });

export const createRequest = (body: API.NewRequest, key: string) => call<API.Request>('POST', '/requests', {}, { body, key });

export const patchRequest = (request: Named, body: API.RequestPatch) =>
    call<API.Request>('PATCH', '/requests/{namespace}/{name}', named(request), { body });

export const deleteRequest = (request: Named) => call<void>('DELETE', '/requests/{namespace}/{name}', named(request));

export const cancelRequest = (request: Named) => call<API.Request>('POST', '/requests/{namespace}/{name}/cancel', named(request));

export const retryRequest = (request: Named) => call<API.Request>('POST', '/requests/{namespace}/{name}/retry', named(request));

export const getReport = (id: string) => call<API.Report>('GET', '/reports/{id}', { id });

export const getRows = (id: string, query: Query, signal: AbortSignal) =>
    call<API.Rows>('GET', '/reports/{id}/rows', { id }, { query, signal });

export const listReportEvents = (id: string) => call<API.ReportEventList>('GET', '/reports/{id}/events', { id });

export const fileAddress = (id: string, format: string, query: Query = {}) => address('/reports/{id}/files/{format}', { id, format }, query);

export async function getLog(id: string, stage: string, attempt: number | undefined, signal: AbortSignal): Promise<string> {
    const headers = { Accept: 'text/plain, application/problem+json' };
    const response = await send('GET', address('/reports/{id}/logs/{stage}', { id, stage }, { attempt }), { headers, signal });
    return response.text();
}

export const listChannels = (namespace: string) => call<API.ChannelList>('GET', '/channels', {}, { query: { namespace } });

export const createDelivery = (body: API.NewDelivery, key: string) => call<API.Delivery>('POST', '/deliveries', {}, { body, key });

export const listSchedules = (query: Query) => call<API.ScheduleList>('GET', '/schedules', {}, { query });

export const createSchedule = (body: API.NewSchedule, key: string) => call<API.Schedule>('POST', '/schedules', {}, { body, key });

export const previewSchedule = (query: Query, signal: AbortSignal) =>
    call<API.SchedulePreview>('GET', '/schedules/preview', {}, { query, signal });

export const getSchedule = (schedule: Named) => call<API.Schedule>('GET', '/schedules/{namespace}/{name}', named(schedule));

export const replaceSchedule = (schedule: Named, body: API.ScheduleReplacement) =>
    call<API.Schedule>('PUT', '/schedules/{namespace}/{name}', named(schedule), { body });

export const patchSchedule = (schedule: Named, body: API.SchedulePatch) =>
    call<API.Schedule>('PATCH', '/schedules/{namespace}/{name}', named(schedule), { body });

export const deleteSchedule = (schedule: Named) => call<void>('DELETE', '/schedules/{namespace}/{name}', named(schedule));

export const runScheduleNow = (schedule: Named) => call<API.Request>('POST', '/schedules/{namespace}/{name}/run-now', named(schedule));

export const getQueue = () => call<API.Queue>('GET', '/queue', {});

export const eventsAddress = () => address('/events', {});
