import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from '../../../Sources/ReportPage/src/api/types';
import { clusterOf, showsClusters } from '../../../Sources/ReportPage/src/logic/clusters';
import { backoff, EventReader } from '../../../Sources/ReportPage/src/logic/eventFormat';
import { emptyState, latestRequest, latestSchedule, merge, withRequests } from '../../../Sources/ReportPage/src/logic/merge';
import { isMine, progress, timeline } from '../../../Sources/ReportPage/src/logic/phases';

const request = (more: Partial<Request> = {}): Request => ({
    id: 'r1', namespace: 'finance', name: 'tb', live: true, phase: 'Running', attempt: 1, priority: 0, createdAt: '2026-11-28T09:00:00Z', resourceVersion: '100', ...more,
});
const event = (type: string, data: unknown) => ({ type, data: JSON.stringify(data) });

test('events are read wherever they are cut', () => {
    const text = ': hello\r\n\r\nid: 7\nevent: request\ndata: {"a":\ndata: 1}\n\ndata:x\r\rid: 8\n\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
        const reader = new EventReader();
        const events = [...reader.read(text.slice(0, cut)), ...reader.read(text.slice(cut))];
        assert.deepEqual(events, [
            { type: 'request', data: '{"a":\n1}', id: '7' },
            { type: 'message', data: 'x', id: '7' },
        ]);
    }
});

test('pauses between tries grow to twenty seconds, and differ', () => {
    assert.deepEqual([0, 1, 2, 3].map((attempt) => backoff(attempt, 0)), [250, 500, 1000, 2000]);
    assert.equal(backoff(0, 1), 500);
    assert.equal(backoff(30, 1), 20_000);
});

test('an event changes what is known, and an older answer doesn’t', () => {
    const running = merge(emptyState, event('request', request()));
    assert.equal(running.requests.get('r1')?.phase, 'Running');
    const done = merge(running, event('request', request({ phase: 'Succeeded', resourceVersion: '101' })));
    assert.equal(withRequests(done, [request({ resourceVersion: '99' })]).requests.get('r1')?.phase, 'Succeeded');
    // Digits are compared as numbers are.
    assert.equal(merge(done, event('request', request({ phase: 'Failed', resourceVersion: '1000' }))).requests.get('r1')?.phase, 'Failed');
    assert(done.requests !== running.requests, 'readers compare by identity');
});

test('stages that a list leaves out stay; a place doesn’t', () => {
    const before = merge(emptyState, event('request', request({ stages: [{ name: 'extract', phase: 'Running' }], place: { position: 2 } })));
    const after = merge(before, event('request', request({ resourceVersion: '101' }))).requests.get('r1');
    assert.deepEqual(after?.stages, [{ name: 'extract', phase: 'Running' }]);
    assert.equal(after?.place, undefined);
});

test('the name of a cluster that a change leaves out stays', () => {
    const loaded = request({ clusterName: 'plant-2' });
    assert.equal(latestRequest(loaded, request({ resourceVersion: '101' }))?.clusterName, 'plant-2');
    const state = withRequests(withRequests(emptyState, [loaded]), [request({ resourceVersion: '101' })]);
    assert.equal(state.requests.get('r1')?.clusterName, 'plant-2');
});

test('a list says where reports were made where a cluster has a name, or where there are several', () => {
    const [here, past, other] = [request(), request({ live: false, cluster: 'u1' }), request({ live: false, cluster: 'u2' })];
    const named = request({ live: false, cluster: 'u2', clusterName: 'plant-2' });
    assert.deepEqual([[], [here], [here, past, past], [past, other], [here, named]].map(showsClusters), [false, false, false, true, true]);
    assert.deepEqual([here, past, named, request({ live: false })].map(clusterOf), ['this one', 'u1', 'plant-2', undefined]);
    assert.equal(clusterOf(request({ clusterName: 'plant-1' })), 'plant-1');
});

test('a deleted request is past, not gone; a deleted schedule is gone', () => {
    const state = merge(merge(emptyState, event('request', request())), event('schedule', { namespace: 'finance', name: 'monthly', resourceVersion: '5' }));
    const after = merge(state, event('deleted', { kind: 'ReportRequest', namespace: 'finance', name: 'tb', uid: 'r1' }));
    assert.equal(after.requests.get('r1')?.live, false);
    // Another request of that name is another one.
    assert.equal(merge(state, event('deleted', { kind: 'ReportRequest', namespace: 'finance', name: 'tb', uid: 'r0' })), state);
    assert.equal(merge(after, event('deleted', { kind: 'ReportSchedule', namespace: 'finance', name: 'monthly' })).schedules.size, 0);
});

test('what isn’t understood changes nothing', () => {
    assert.equal(merge(emptyState, { type: 'request', data: '{' }), emptyState);
    assert.equal(merge(emptyState, { type: 'request', data: 'null' }), emptyState);
    assert.equal(merge(emptyState, event('something-new', {})), emptyState);
});

test('progress comes from stages, or from the column where a list has no more', () => {
    assert.deepEqual(progress(request({ stages: [{ name: 'a', phase: 'Succeeded' }, { name: 'b', phase: 'Running' }, { name: 'c', phase: 'Running' }, { name: 'd', phase: 'Pending' }] })), { done: 1, total: 4, current: 'b, c' });
    assert.deepEqual(progress(request({ stage: '2/5 transform' })), { done: 1, total: 5, current: 'transform' });
    assert.deepEqual(progress(request({ stage: '5/5 publish', phase: 'Succeeded' })), { done: 5, total: 5, current: undefined });
    assert.equal(progress(request()), undefined);
});

test('a timeline goes from the first start to the last end, or to now', () => {
    const now = Date.parse('2026-11-28T10:00:40Z');
    const found = timeline(
        [
            { name: 'a', phase: 'Succeeded', startedAt: '2026-11-28T10:00:00Z', completedAt: '2026-11-28T10:00:10Z' },
            { name: 'b', phase: 'Running', startedAt: '2026-11-28T10:00:10Z' },
            { name: 'c', phase: 'Pending' },
        ],
        now,
    );
    assert.equal(found?.span, 40_000);
    assert.deepEqual(found?.bars.map(({ stage, begin, end }) => [stage.name, begin, end]), [['a', 0, 0.25], ['b', 0.25, 1]]);
    assert.equal(timeline([{ name: 'a', phase: 'Pending' }], now), undefined);
});

test('mine is what I asked for, by e-mail, else by name', () => {
    const me = { user: 'oidc:dana', name: 'Dana Reyes', email: 'dana@example.com' };
    assert(isMine(request({ requester: { name: 'D.', email: 'Dana@Example.com' } }), me));
    assert(!isMine(request({ requester: { name: 'Dana Reyes', email: 'other@example.com' } }), me));
    assert(isMine(request({ requester: { name: 'Dana Reyes' } }), me));
    assert(!isMine(request({}), { user: 'x' }));
});

test('what a change has taken away isn’t shown any more', () => {
    const loaded = request({ phase: 'Queued', ttlSecondsAfterFinished: 60, place: { position: 2 }, message: 'waits', stages: [] });
    const changed = request({ phase: 'Queued', resourceVersion: '101' });
    assert.deepEqual(latestRequest(loaded, changed), { ...changed, place: { position: 2 }, stages: [] });
    const running = request({ phase: 'Running', resourceVersion: '102' });
    assert.equal(latestRequest(loaded, running)?.place, undefined);
    assert.equal(latestRequest({ ...loaded, resourceVersion: '103' }, changed)?.message, 'waits');
    const done = request({ phase: 'Succeeded', completedAt: '2026-11-28T09:10:00Z' });
    assert.equal(latestRequest(done, request())?.phase, 'Succeeded');
    const { completedAt: _, ...again } = { ...done, phase: 'Running' as const, attempt: 2, resourceVersion: '105' };
    assert.equal(latestRequest(done, again)?.completedAt, undefined);
    // Its resource is gone; the record has more of it.
    assert.equal(latestRequest({ ...done, live: false, message: 'from the record' }, { ...done, live: false })?.message, 'from the record');
    assert.equal(latestRequest(undefined, changed), changed);
    assert.equal(latestRequest(loaded, undefined), loaded);
});

test('a schedule is as it was changed last', () => {
    const schedule = { namespace: 'finance', name: 'monthly', schedule: '@daily', next: [], suspend: false, ready: 'True' as const, timeZone: 'UTC', resourceVersion: '5' };
    const { timeZone: _, ...changed } = { ...schedule, resourceVersion: '6' };
    assert.equal(latestSchedule(schedule, changed).timeZone, undefined);
    assert.equal(latestSchedule(schedule, { ...changed, resourceVersion: '4' }).timeZone, 'UTC');
    assert.equal(latestSchedule(schedule, undefined), schedule);
});
