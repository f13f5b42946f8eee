import type { Delivery, PipelineSummary, Request, Schedule } from '../api/types';
import type { ServerEvent } from './eventFormat';
import { isOver } from './phases';

/** Everything live that the page knows, by id or by namespace/name. Never changed in place: readers compare by identity. */
export type LiveState = {
    requests: ReadonlyMap<string, Request>;
    deliveries: ReadonlyMap<string, Delivery>;
    schedules: ReadonlyMap<string, Schedule>;
    pipelines: ReadonlyMap<string, PipelineSummary>;
};

export const emptyState: LiveState = { requests: new Map(), deliveries: new Map(), schedules: new Map(), pipelines: new Map() };

type Named = { namespace: string; name: string };

export const keyOf = ({ namespace, name }: Named): string => `${namespace}/${name}`;

type Deleted = Named & { kind: string; uid?: string };

/** The state after an event. Unknown events change nothing: a newer gateway may send them. */
export function merge(state: LiveState, event: Pick<ServerEvent, 'type' | 'data'>): LiveState {
    let value: unknown;
    try {
        value = JSON.parse(event.data);
    } catch {
        return state;
    }
    if (typeof value !== 'object' || value === null) return state;
    switch (event.type) {
        case 'request':
            return withRequests(state, [value as Request]);
        case 'delivery':
            return { ...state, deliveries: put(state.deliveries, keyOf(value as Delivery), value as Delivery) };
        case 'schedule': {
            const schedule = value as Schedule;
            const before = state.schedules.get(keyOf(schedule));
            return isOlder(schedule, before) ? state : { ...state, schedules: put(state.schedules, keyOf(schedule), schedule) };
        }
        case 'pipeline':
            return { ...state, pipelines: put(state.pipelines, keyOf(value as PipelineSummary), value as PipelineSummary) };
        case 'deleted':
            return without(state, value as Deleted);
        default:
            return state;
    }
}

/** A list's answer may be older than an event that overtook it, so the newer version of each stays. */
export function withRequests(state: LiveState, requests: readonly Request[]): LiveState {
    const next = new Map(state.requests);
    for (const request of requests) {
        const before = next.get(request.id);
        if (!isOlder(request, before)) next.set(request.id, before ? { ...kept(before), ...request } : request);
    }
    return { ...state, requests: next };
}

/**
 * What is known of a request: the report's answer knows of more, and what has come since of the latest change. What that
 * lacks has been taken away.
 */
export function latestRequest(loaded: Request | undefined, live: Request | undefined): Request | undefined {
    if (!loaded || !live) return loaded ?? live;
    if (isOlder(live, loaded) || live.attempt < loaded.attempt) return loaded;
    if (isOver(loaded.phase) && !isOver(live.phase) && live.attempt === loaded.attempt) return loaded;
    // Of one whose resource is gone the record tells more.
    if (!live.live) return { ...loaded, ...live };
    const { place, expectedEnd } = loaded;
    const same = live.phase === loaded.phase && live.attempt === loaded.attempt;
    return { ...(same && place ? { place } : {}), ...(same && expectedEnd !== undefined ? { expectedEnd } : {}), ...kept(loaded), ...live };
}

/** Of a schedule that was loaded and one that came since. */
export function latestSchedule(loaded: Schedule, live: Schedule | undefined): Schedule {
    return live && !isOlder(live, loaded) ? live : loaded;
}

/** Lists and changes may leave out what a single answer has. A place is of its moment, and goes with it. */
function kept({ stages, clusterName }: Request): Partial<Request> {
    return { ...(stages ? { stages } : {}), ...(clusterName !== undefined ? { clusterName } : {}) };
}

function isOlder(value: { resourceVersion?: string }, before: { resourceVersion?: string } | undefined): boolean {
    const [a, b] = [value.resourceVersion, before?.resourceVersion];
    if (a === undefined || b === undefined || !/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
    return a.length === b.length ? a < b : a.length < b.length;
}

function put<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> {
    return new Map(map).set(key, value);
}

/** A request whose resource is gone is on record still, so it stays, as a past one. */
function without(state: LiveState, deleted: Deleted): LiveState {
    const key = keyOf(deleted);
    const drop = <Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> => {
        if (!map.has(key)) return map;
        const next = new Map(map);
        next.delete(key);
        return next;
    };
    switch (deleted.kind.toLowerCase()) {
        case 'request':
        case 'reportrequest': {
            const gone = [...state.requests.values()].find((request) =>
                deleted.uid === undefined ? keyOf(request) === key : request.id === deleted.uid,
            );
            return gone ? { ...state, requests: put(state.requests, gone.id, { ...gone, live: false }) } : state;
        }
        case 'delivery':
        case 'reportdelivery':
            return { ...state, deliveries: drop(state.deliveries) };
        case 'schedule':
        case 'reportschedule':
            return { ...state, schedules: drop(state.schedules) };
        case 'pipeline':
        case 'reportpipeline':
            return { ...state, pipelines: drop(state.pipelines) };
        default:
            return state;
    }
}
