import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expression, Frequency, frequencyOf, scheduleName } from '../../../Sources/ReportPage/src/logic/cron';

const pairs: [Frequency, string][] = [
    [{ every: 'hour', minute: 15 }, '15 * * * *'],
    [{ every: 'day', time: '06:30' }, '30 6 * * *'],
    [{ every: 'weekday', time: '05:00' }, '0 5 * * 1-5'],
    [{ every: 'week', days: [0, 3], time: '23:05' }, '5 23 * * 0,3'],
    [{ every: 'month', day: 31, time: '00:00' }, '0 0 31 * *'],
];

test('what the form says becomes an expression, and comes back from it', () => {
    for (const [frequency, text] of pairs) {
        assert.equal(expression(frequency), text);
        assert.deepEqual(frequencyOf(text), frequency);
    }
});

test('other spellings of the same are read', () => {
    assert.deepEqual(frequencyOf('@daily'), { every: 'day', time: '00:00' });
    assert.deepEqual(frequencyOf('0 6 * * mon-fri'), { every: 'weekday', time: '06:00' });
    assert.deepEqual(frequencyOf('0 6 * * 7'), { every: 'week', days: [0], time: '06:00' });
    assert.deepEqual(frequencyOf('  00 06 * * Sun,2 '), { every: 'week', days: [0, 2], time: '06:00' });
    assert.deepEqual(frequencyOf('0 6 * * 5-7'), { every: 'week', days: [0, 5, 6], time: '06:00' });
});

test('what the form can’t say stays an expression, letter by letter', () => {
    for (const text of ['*/5 * * * *', '0 6 1 1,4,7,10 *', '0 6 1 * 1', '0 6-8 * * *', '61 * * * *', '0 24 * * *', '0 6 * * 1-3-5', '0 6 * *', '', '@yearly', 'TZ=UTC 0 6 * * *']) {
        assert.deepEqual(frequencyOf(text), { every: 'custom', expression: text });
    }
});

test('a schedule’s name fits Kubernetes whatever the pipeline’s', () => {
    assert.equal(scheduleName('trial-balance', { every: 'month', day: 1, time: '06:00' }), 'trial-balance-monthly');
    const long = scheduleName(`${'a'.repeat(41)}-${'b'.repeat(40)}`, { every: 'custom', expression: '' });
    assert.equal(long, `${'a'.repeat(41)}-scheduled`);
    assert(long.length <= 52);
});
