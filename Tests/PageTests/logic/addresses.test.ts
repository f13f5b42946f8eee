import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelStep, ticks } from '../../../Sources/ReportPage/src/logic/chartScale';
import { fileNameOf } from '../../../Sources/ReportPage/src/logic/fileName';
import { formatRoute, parseRoute, relativePath, Route } from '../../../Sources/ReportPage/src/logic/routes';

const routes: [string, Route][] = [
    ['ask', { page: 'ask' }],
    ['ask/finance/trial-balance', { page: 'form', namespace: 'finance', name: 'trial-balance' }],
    ['ask/finance/trial-balance?again=5e0f', { page: 'form', namespace: 'finance', name: 'trial-balance', again: '5e0f' }],
    ['runs', { page: 'runs' }],
    ['history', { page: 'history', filters: {} }],
    ['history?pipeline=trial-balance&phase=Failed%2CCancelled&from=2026-10-01', { page: 'history', filters: { pipeline: 'trial-balance', phase: 'Failed,Cancelled', from: '2026-10-01' } }],
    ['reports/5e0f5a3c', { page: 'report', id: '5e0f5a3c' }],
    ['schedules', { page: 'schedules' }],
    ['schedules/finance/monthly', { page: 'schedule', namespace: 'finance', name: 'monthly' }],
];

test('every place has an address, and every address its place', () => {
    for (const [address, route] of routes) {
        const [path, search] = address.split('?');
        assert.deepEqual(parseRoute(path ?? '', search ?? ''), route);
        assert.equal(formatRoute(route), address);
    }
    assert.deepEqual(parseRoute('', ''), { page: 'ask' });
    assert.deepEqual(parseRoute('reports/a%2Fb', ''), { page: 'report', id: 'a/b' });
});

test('what leads nowhere says so', () => {
    for (const path of ['nowhere', 'ask/finance', 'reports', 'reports/a/b', 'schedules/finance', 'runs/x', 'a/b/c/d', '%zz']) {
        assert.deepEqual(parseRoute(path, ''), { page: 'unknown', path });
    }
    assert.deepEqual(parseRoute('history', 'unknown=1&mine='), { page: 'history', filters: {} });
});

test('addresses are read below the base, wherever it is', () => {
    assert.equal(relativePath('/reports/', '/reports/runs'), 'runs');
    assert.equal(relativePath('/reports/', '/reports'), '');
    assert.equal(relativePath('/', '/history'), 'history');
    assert.equal(relativePath('/reports/', '/elsewhere'), undefined);
});

test('a file’s name comes from its header, without folders', () => {
    assert.equal(fileNameOf('attachment; filename="tb 2026-10.pdf"'), 'tb 2026-10.pdf');
    assert.equal(fileNameOf('attachment; filename="x.pdf"; filename*=UTF-8\'\'Salden%20%C3%BC.pdf'), 'Salden ü.pdf');
    assert.equal(fileNameOf('attachment; filename=../../etc/passwd'), 'passwd');
    assert.equal(fileNameOf('attachment; filename="a\\"b.csv"'), 'a"b.csv');
    assert.equal(fileNameOf('attachment'), undefined);
    assert.equal(fileNameOf(null), undefined);
});

test('an axis has round marks that cover all values', () => {
    assert.deepEqual(ticks([3, 96], true), [0, 20, 40, 60, 80, 100]);
    assert.deepEqual(ticks([-0.2, 0.3], true), [-0.2, -0.1, 0, 0.1, 0.2, 0.3]);
    assert.deepEqual(ticks([1000, 1004], false), [1000, 1001, 1002, 1003, 1004]);
    assert.deepEqual(ticks([], true), [0, 1]);
    assert.deepEqual(ticks([0, 0], true), [0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test('labels leave room for each other', () => {
    assert.equal(labelStep(18, 720, 80), 2);
    assert.equal(labelStep(3, 720, 80), 1);
    assert.equal(labelStep(10, 0, 80), 800);
});
