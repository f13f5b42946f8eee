import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortedIndexes } from '../../../Sources/ReportPage/src/logic/sorting';
import { columnWidths, matchingIndexes, visibleRange } from '../../../Sources/ReportPage/src/logic/virtualRows';

const columns = [
    { name: 'customer', type: 'string' },
    { name: 'amount', type: 'decimal' },
];
const rows = [
    ['Évora 10', '9007199254740993'],
    ['evora 9', '9007199254740992'],
    ['', '-3.5'],
    ['Acme', null],
    ['acme', '12'],
];
const order = (column: number, descending: boolean): number[] => [...sortedIndexes(rows, columns, { column, descending })];

test('money is sorted digit by digit where doubles are equal; what is empty comes last', () => {
    assert.deepEqual(order(1, false), [2, 4, 1, 0, 3]);
    assert.deepEqual(order(1, true), [0, 1, 4, 2, 3]);
});

test('texts are sorted as people do: case and accents apart, numbers by value, equals as published', () => {
    assert.deepEqual(order(0, false), [3, 4, 1, 0, 2]);
    assert.deepEqual(order(0, true), [0, 1, 3, 4, 2]);
});

test('without an order rows come as published', () => {
    assert.deepEqual([...sortedIndexes(rows, columns, undefined)], [0, 1, 2, 3, 4]);
    assert.deepEqual([...sortedIndexes(rows, columns, { column: 9, descending: false })], [0, 1, 2, 3, 4]);
});

test('100,000 rows are sorted in less than half a second', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => [`Customer ${(index * 7919) % 4001}`, `${((index * 104_729) % 9_000_001) / 100}`]);
    const begin = Date.now();
    const sorted = sortedIndexes(many, columns, { column: 1, descending: false });
    sortedIndexes(many, columns, { column: 0, descending: false });
    assert(Date.now() - begin < 1_000, `${Date.now() - begin} ms`);
    for (let index = 1; index < sorted.length; index += 1) {
        assert(Number(many[sorted[index - 1] as number]?.[1]) <= Number(many[sorted[index] as number]?.[1]));
    }
});

test('only the rows in sight and some around them are made', () => {
    assert.deepEqual(visibleRange(0, 540, 30, 100_000), { first: 0, last: 30 });
    assert.deepEqual(visibleRange(30_000, 540, 30, 100_000), { first: 988, last: 1030 });
    assert.deepEqual(visibleRange(3_000_000, 540, 30, 100_000), { first: 99_988, last: 100_000 });
    assert.deepEqual(visibleRange(900, 540, 30, 4), { first: 3, last: 4 });
    assert.deepEqual(visibleRange(0, 540, 30, 0), { first: 0, last: 0 });
});

test('rows are found by any of their values', () => {
    assert.deepEqual([...matchingIndexes(Uint32Array.of(4, 3, 2, 1, 0), rows, 'ACM')], [4, 3]);
    assert.deepEqual([...matchingIndexes(Uint32Array.of(0, 1), rows, '0993')], [0]);
});

test('a column is as wide as what is in it, within limits', () => {
    assert.deepEqual(columnWidths([{ name: 'n', type: 'integer' }, { name: 'text' }], [[1, 'x'.repeat(99)]]), [10, 48]);
});
