import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParameterSpec, Request } from '../../../Sources/ReportPage/src/api/types';
import { looksLikeAddress, splitAddresses, unique } from '../../../Sources/ReportPage/src/logic/addresses';
import { fault, fieldValue, fingerprint, parameterBody, readable } from '../../../Sources/ReportPage/src/logic/parameters';
import { keepingOf, secondsOf } from '../../../Sources/ReportPage/src/logic/keeping';
import { mayRetry } from '../../../Sources/ReportPage/src/logic/phases';
import { missing, uncertain } from '../../../Sources/ReportPage/src/logic/recipients';
import { deliveryBody, repeated } from '../../../Sources/ReportPage/src/logic/resend';
import { similarReport } from '../../../Sources/ReportPage/src/logic/similar';

const spec = (name: string, type: ParameterSpec['type'], more: Partial<ParameterSpec> = {}): ParameterSpec => ({ name, type, required: false, ...more });

test('values travel in their types, and what is empty is left out', () => {
    const specs = [spec('period', 'month'), spec('count', 'integer'), spec('rate', 'number'), spec('id', 'integer'), spec('detail', 'boolean'), spec('companies', 'string', { multiple: true }), spec('note', 'string'), spec('none', 'string')];
    const values = { period: '2026-10', count: ' 12 ', rate: '0.10', id: '12345678901234567890', detail: 'false', companies: ['310507', ''], note: ' as is ', none: '' };
    assert.deepEqual(parameterBody(specs, values), {
        period: '2026-10',
        count: 12,
        // 0.1 would be another text, and a double another number.
        rate: '0.10',
        id: '12345678901234567890',
        detail: false,
        companies: ['310507'],
        note: ' as is ',
    });
});

test('what is recorded of several values comes back as several', () => {
    assert.deepEqual(fieldValue(spec('companies', 'string', { multiple: true }), '["310507",2]'), ['310507', '2']);
    assert.deepEqual(fieldValue(spec('companies', 'string', { multiple: true }), 'no list'), ['no list']);
    assert.equal(fieldValue(spec('period', 'month'), '2026-10'), '2026-10');
});

test('a fault says what is expected', () => {
    const month = spec('period', 'month', { required: true });
    assert.equal(fault(month, '', false), 'Required.');
    assert.equal(fault(month, '2026-13', false), 'A month, such as 2026-10.');
    assert.equal(fault(month, '2026-10', false), undefined);
    assert.equal(fault(month, '{month-1}', false), 'A month, such as 2026-10.');
    assert.equal(fault(month, '{month-1}', true), undefined);
    assert.equal(fault(spec('day', 'date'), '2026-02-30', false), 'A day, such as 2026-10-31.');
    assert.equal(fault(spec('count', 'integer'), '12.5', false), 'A whole number, such as 12.');
    assert.equal(fault(spec('rates', 'number', { multiple: true }), ['1.5', 'x'], false), 'A number, such as 12.5.');
    assert.equal(fault(spec('count', 'integer'), '', false), undefined);
});

test('values are read as people write them', () => {
    assert.equal(readable('2026-10'), 'October 2026');
    assert.equal(readable('["a","b"]'), 'a, b');
    assert.equal(readable('[not json'), '[not json');
});

test('addresses come out of whatever is pasted, each once', () => {
    assert.deepEqual(splitAddresses('a@x.example, b@x.example;c@x.example\nd@x.example'), ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example']);
    assert.deepEqual(splitAddresses('Dana Reyes <dana@example.com>; Cole <c@example.com>'), ['dana@example.com', 'c@example.com']);
    assert.deepEqual(unique(['A@x.example', 'a@x.example']), ['A@x.example']);
    assert(looksLikeAddress('a@localhost'));
    assert(!looksLikeAddress('dana'));
});

const pipeline = { namespace: 'finance', name: 'trial-balance', parameters: [spec('period', 'month', { required: true }), spec('ledger', 'string', { default: 'example' })] };
const now = Date.parse('2026-11-28T12:00:00Z');
const request = (id: string, more: Partial<Request>): Request => ({
    id, namespace: 'finance', name: id, pipeline: 'trial-balance', live: true, phase: 'Succeeded', attempt: 1, priority: 0,
    createdAt: '2026-11-28T09:00:00Z', parameters: { period: '2026-10', ledger: 'example' }, ...more,
});

test('a default left alone and a default typed are the same', () => {
    assert.equal(fingerprint(pipeline.parameters, { period: '2026-10' }), fingerprint(pipeline.parameters, { period: ' 2026-10 ', ledger: 'example' }));
    assert(fingerprint(pipeline.parameters, { period: '2026-10' }) !== fingerprint(pipeline.parameters, { period: '2026-10', ledger: 'broken' }));
});

test('the same report is found while it goes on, and for a day after', () => {
    const find = (...requests: Request[]) => similarReport(requests, pipeline, { period: '2026-10' }, now)?.id;
    assert.equal(find(request('fresh', { completedAt: '2026-11-27T12:00:01Z' })), 'fresh');
    assert.equal(find(request('old', { completedAt: '2026-11-27T11:59:59Z' })), undefined);
    assert.equal(find(request('failed', { phase: 'Failed' })), undefined);
    assert.equal(find(request('other', { parameters: { period: '2026-09', ledger: 'example' } })), undefined);
    assert.equal(find(request('elsewhere', { namespace: 'plant' })), undefined);
    assert.equal(find(request('fresh', {}), request('running', { phase: 'Running', createdAt: '2026-11-20T09:00:00Z' })), 'running');
});

test('who has had it in any delivery lacks nothing', () => {
    const delivery = (recipients: [string, 'Sent' | 'Failed' | 'Sending' | 'Unknown'][]) => ({
        namespace: 'finance', name: 'd', reportID: 'r', channel: 'mail', live: true, recipients: recipients.map(([to, phase]) => ({ to, phase })),
    });
    const both = [delivery([['a@x', 'Sent'], ['b@x', 'Failed'], ['c@x', 'Failed'], ['d@x', 'Unknown']]), delivery([['B@x', 'Sent'], ['c@x', 'Failed']])];
    assert.deepEqual(missing(both), ['c@x']);
    assert.deepEqual(uncertain(both), ['d@x']);
    assert.deepEqual(uncertain([...both, delivery([['d@x', 'Sent']])]), []);
    assert.deepEqual(missing([delivery([['a@x', 'Sending']])]), []);
    assert.deepEqual(missing([{ ...delivery([['a@x', 'Sending']]), phase: 'Failed' as const }]), ['a@x']);
});

test('what is sent again is what was chosen, and what the channel takes', () => {
    const wish = { channel: 'mail', onlyMissing: false, to: ['a@x'], cc: ['b@x'], formats: ['pdf' as const], subject: ' Books ', text: '', only: undefined };
    const mail = { name: 'mail', type: 'Mail' as const, ready: 'True' as const, takesAddresses: true };
    assert.deepEqual(deliveryBody('u', wish, mail), { report: 'u', channel: 'mail', formats: ['pdf'], to: ['a@x'], cc: ['b@x'], subject: 'Books' });
    assert.deepEqual(deliveryBody('u', { ...wish, onlyMissing: true, only: { plant: 'north' } }, mail), {
        report: 'u', channel: 'mail', formats: ['pdf'], onlyMissing: true, subject: 'Books', only: { plant: 'north' },
    });
    const folder = { name: 'share', type: 'Folder' as const, ready: 'True' as const };
    assert.deepEqual(deliveryBody('u', { ...wish, channel: 'share', only: {} }, folder), { report: 'u', channel: 'share', formats: ['pdf'], only: {} });
    const sent = (name: string, createdAt: string) => ({ namespace: 'finance', name, reportID: 'u', channel: 'mail', live: true, recipients: [], createdAt });
    assert.equal(repeated([sent('second', '2026-11-02T00:00:00Z'), sent('first', '2026-11-01T00:00:00Z')])?.name, 'first');
    assert.equal(repeated([]), undefined);
});

test('how long a request is kept is said in the largest unit that says it exactly', () => {
    assert.deepEqual(keepingOf(undefined), { unit: 'ever', count: '' });
    assert.deepEqual(keepingOf(604_800), { unit: 'days', count: '7' });
    assert.deepEqual(keepingOf(5_400), { unit: 'minutes', count: '90' });
    assert.deepEqual(keepingOf(7_200), { unit: 'hours', count: '2' });
    assert.deepEqual(keepingOf(0), { unit: 'minutes', count: '0' });
    for (const seconds of [0, 60, 3_600, 5_400, 86_400]) assert.equal(secondsOf(keepingOf(seconds)), seconds);
    assert.equal(secondsOf({ unit: 'ever', count: '' }), null);
    for (const count of ['', '1.5', '-1', 'x', '999999']) assert.equal(secondsOf({ unit: 'days', count }), undefined, count);
});

test('a value out of its bounds is said so before it is sent', () => {
    const count = spec('count', 'integer', { minimum: 1, maximum: '12' });
    assert.equal(fault(count, '0', false), 'At least 1.');
    assert.equal(fault(count, '13', false), 'At most 12.');
    assert.equal(fault(count, '9', false), undefined);
    assert.equal(fault(spec('day', 'date', { minimum: '2026-01-01' }), '2025-12-31', false), 'At least 2026-01-01.');
    const code = spec('code', 'string', { minLength: 2, maxLength: 3, pattern: '^(a+)+$' });
    assert.equal(fault(code, '🏭', false), 'At least 2 characters.');
    assert.equal(fault(code, 'abcd', false), 'At most 3 characters.');
    // Left to the API.
    assert.equal(fault(code, 'xyz', false), undefined);
});

test('a retry is offered where it may help', () => {
    assert.equal(mayRetry({ phase: 'Failed', reason: 'StageFailed' }), true);
    assert.equal(mayRetry({ phase: 'Cancelled', reason: 'CancelledByUser' }), true);
    assert.equal(mayRetry({ phase: 'Failed', reason: 'InvalidSpec' }), false);
    assert.equal(mayRetry({ phase: 'Succeeded', reason: 'Completed' }), false);
});
