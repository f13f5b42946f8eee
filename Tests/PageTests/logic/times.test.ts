import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, between, duration } from '../../../Sources/ReportPage/src/logic/durations';
import { about, dateName, daysBetween, monthAt, monthName, nearTime } from '../../../Sources/ReportPage/src/logic/times';

// hack/lib/page/test sets the zone to Europe/Berlin.
const now = Date.parse('2026-11-28T12:00:00Z');
const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

test('a duration is said in its two largest units', () => {
    const expected: [number, string][] = [
        [-5 * seconds, '0 s'],
        [400, '0 s'],
        [59.4 * seconds, '59 s'],
        [60 * seconds, '1 min'],
        [83 * seconds, '1 min 23 s'],
        [12.4 * minutes, '12 min'],
        [59.6 * minutes, '1 h'],
        [65 * minutes, '1 h 5 min'],
        [26 * hours, '1 d 2 h'],
        [48 * hours, '2 d'],
    ];
    for (const [milliseconds, text] of expected) assert.equal(duration(milliseconds), text);
});

test('a time that goes on counts to now, and one that hasn’t begun is none', () => {
    assert.equal(between('2026-11-28T11:58:30Z', undefined, now), 90 * seconds);
    assert.equal(between('2026-11-28T11:00:00Z', '2026-11-28T11:00:41Z', now), 41 * seconds);
    assert.equal(between(undefined, '2026-11-28T11:00:41Z', now), undefined);
});

test('what is past is said in one unit', () => {
    assert.equal(ago('2026-11-28T11:59:40Z', now), 'just now');
    assert.equal(ago('2026-11-28T11:45:00Z', now), '15 min ago');
    assert.equal(ago('2026-11-28T09:00:00Z', now), '3 h ago');
    assert.equal(ago('2026-11-25T12:00:00Z', now), '3 days ago');
});

test('a near time goes without its day, in the browser’s zone', () => {
    assert.equal(nearTime('2026-11-28T13:20:00Z', now), '14:20');
    assert.equal(nearTime('2026-11-27T22:59:00Z', now), 'yesterday 23:59');
    // Midnight in Berlin is 23:00 in UTC.
    assert.equal(nearTime('2026-11-27T23:00:00Z', now), '00:00');
    assert.equal(nearTime('2026-11-29T05:00:00Z', now), 'tomorrow 06:00');
    assert.equal(nearTime('2026-12-01T05:00:00Z', now), '1 Dec 2026, 06:00');
});

test('days are counted by the calendar, also when clocks are set back', () => {
    assert.equal(daysBetween(Date.parse('2026-10-24T22:30:00Z'), Date.parse('2026-10-25T22:30:00Z')), 0);
    assert.equal(daysBetween(Date.parse('2026-10-24T21:30:00Z'), Date.parse('2026-10-25T21:30:00Z')), 1);
});

test('an expectation is as coarse as it is far, and ends with its time', () => {
    assert.equal(about('2026-11-28T12:07:31Z', now), 'about 13:08');
    assert.equal(about('2026-11-28T12:33:00Z', now), 'about 13:35');
    assert.equal(about('2026-11-28T14:26:00Z', now), 'about 15:30');
    assert.equal(about('2026-11-28T12:00:20Z', now), 'in less than a minute');
    assert.equal(about('2026-11-28T11:59:00Z', now), undefined);
});

test('months and days have names, and what is none stays as it is', () => {
    assert.equal(monthName('2026-10'), 'October 2026');
    assert.equal(monthName('2026-13'), '2026-13');
    assert.equal(dateName('2026-10-31'), '31 Oct 2026');
    assert.equal(dateName('31.10.'), '31.10.');
    assert.equal(monthAt(Date.parse('2026-01-15T12:00:00Z'), -1), '2025-12');
    assert.equal(monthAt(Date.parse('2026-12-15T12:00:00Z'), 1), '2027-01');
});
