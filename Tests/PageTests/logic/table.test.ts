import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column } from '../../../Sources/ReportPage/src/api/types';
import type { Row } from '../../../Sources/ReportPage/src/logic/sorting';
import { sortedIndexes } from '../../../Sources/ReportPage/src/logic/sorting';
import { DecimalSum } from '../../../Sources/ReportPage/src/logic/sums';
import { Extra, inOrder, shapeOf, tableLines } from '../../../Sources/ReportPage/src/logic/tableLines';
import { columnWidths, matchingIndexes } from '../../../Sources/ReportPage/src/logic/virtualRows';

const sum = (...values: unknown[]): string | undefined => {
    const adding = new DecimalSum();
    for (const value of values) adding.add(value);
    return adding.text;
};

test('sums lose no digit', () => {
    assert.equal(sum('0.10', '0.20'), '0.30');
    assert.equal(sum(0.1, 0.2), '0.3');
    assert.equal(sum('-1.5', '1', null, undefined, ''), '-0.5');
    assert.equal(sum('1', '0.001', '10'), '11.001');
    assert.equal(sum('9007199254740993', '9007199254740993'), '18014398509481986');
    assert.equal(sum('12345678901234567890123456789012.34', '-0.34'), '12345678901234567890123456789012.00');
    assert.equal(sum('1e3', '2.5e-2'), '1000.025');
    assert.equal(sum(), '0');
    assert.equal(sum('-0.05', '0.04'), '-0.01');
    assert.equal(sum('0.00000001', '99999999999999', '99999999999999'), '199999999999998.00000001');
    assert.equal(sum('-999999999999999', '0.1'), '-999999999999998.9');
    assert.equal(sum('1', 'n/a'), undefined);
    assert.equal(sum(true), undefined);
    const many = Array.from({ length: 100_000 }, () => '99999999999.99');
    assert.equal(sum(...many), '9999999999999000.00');
});

const columns: Column[] = [
    { name: 'currency', type: 'string' },
    { name: 'account', type: 'string' },
    { name: 'debit', type: 'decimal', total: 'sum' },
    { name: 'note', type: 'string' },
];
const rows: Row[] = [
    ['EUR', 'b', '1.50', ''],
    ['EUR', 'a', '2.25', ''],
    ['USD', 'd', '10.00', ''],
    ['USD', 'c', null, ''],
    ['EUR', 'e', '0.25', ''],
];
const layout = { shown: ['account', 'debit', 'missing'], groupBy: ['currency'] };

/** A line as a text: the account of a row, or what an extra says. */
function told(wanted: Uint32Array, shape = shapeOf(columns, layout), order?: Uint32Array): string[] {
    const table = tableLines(rows, wanted, shape);
    const { extras } = table;
    return Array.from(order ? inOrder(table, order) : table.lines, (line) => {
        if (line >= 0) return String(rows[line]?.[1]);
        const extra = extras[-line - 1] as Extra;
        if (extra.kind === 'heading') return `# ${extra.value}`;
        const of = extra.kind === 'total' ? 'all' : String(extra.value);
        return `= ${of} ${extra.sums.get(2)} (${extra.count})`;
    });
}

const all = sortedIndexes(rows, columns, undefined);

test('a table is grouped as its layout says, and summed up exactly', () => {
    assert.deepEqual(shapeOf(columns, layout), { shown: [1, 2], groupBy: [0], summed: [2], grandTotal: true });
    assert.deepEqual(told(all), ['# EUR', 'b', 'a', '= EUR 3.75 (2)', '# USD', 'd', 'c', '= USD 10.00 (2)', '# EUR', 'e', '= EUR 0.25 (1)', '= all 14.00 (5)']);
});

test('where the sums of groups can’t be added there are none of the whole', () => {
    const lines = ['# EUR', 'b', 'a', '= EUR 3.75 (2)', '# USD', 'd', 'c', '= USD 10.00 (2)', '# EUR', 'e', '= EUR 0.25 (1)'];
    assert.deepEqual(told(all, shapeOf(columns, { ...layout, grandTotal: false })), lines);
    assert.deepEqual(told(all, shapeOf(columns, { grandTotal: false })), ['b', 'a', 'd', 'c', 'e']);
});

test('sorting moves rows within their group, and a search sums up what it finds', () => {
    const sorted = sortedIndexes(rows, columns, { column: 1, descending: false });
    const lines = ['# EUR', 'a', 'b', '= EUR 3.75 (2)', '# USD', 'c', 'd', '= USD 10.00 (2)', '# EUR', 'e', '= EUR 0.25 (1)', '= all 14.00 (5)'];
    assert.deepEqual(told(all, shapeOf(columns, layout), sorted), lines);
    const descending = sortedIndexes(rows, columns, { column: 1, descending: true });
    assert.deepEqual(told(all, { shown: [1], groupBy: [], summed: [2], grandTotal: true }, descending), ['e', 'd', 'c', 'b', 'a', '= all 14.00 (5)']);
    // What stood between the two groups of euros is gone.
    assert.deepEqual(told(matchingIndexes(all, rows, 'eur')), ['# EUR', 'b', 'a', 'e', '= EUR 4.00 (3)', '= all 4.00 (3)']);
    assert.deepEqual(told(matchingIndexes(all, rows, 'eur'), shapeOf(columns, layout), matchingIndexes(sorted, rows, 'eur')).slice(0, 4), ['# EUR', 'a', 'b', 'e']);
    assert.deepEqual(told(matchingIndexes(all, rows, 'nothing such')), []);
});

test('a table without a layout is as it was published', () => {
    const plain = shapeOf([{ name: 'a' }, { name: 'b' }], undefined);
    assert.deepEqual(plain, { shown: [0, 1], groupBy: [], summed: [], grandTotal: true });
    assert.deepEqual(told(all, { shown: [0, 1], groupBy: [], summed: [], grandTotal: true }), ['b', 'a', 'd', 'c', 'e']);
    // Some of the rows have come: groups, but no sums that would be wrong.
    assert.deepEqual(told(all, { ...shapeOf(columns, layout), summed: [] }), ['# EUR', 'b', 'a', '# USD', 'd', 'c', '# EUR', 'e']);
});

test('groups within groups end from the inside', () => {
    const nested: Row[] = [['x', 'p', '1', ''], ['x', 'q', '2', ''], ['y', 'q', '4', ''], ['y', 'q', '8', '']];
    const { lines, extras } = tableLines(nested, Uint32Array.of(0, 1, 2, 3), { shown: [2], groupBy: [0, 1], summed: [2], grandTotal: true });
    const kinds = Array.from(lines, (line) => {
        const extra = line < 0 ? extras[-line - 1] : undefined;
        if (!extra) return line;
        return extra.kind === 'heading' ? `#${extra.level}${extra.value}` : `=${extra.sums.get(2)}`;
    });
    assert.deepEqual(kinds, ['#0x', '#1p', 0, '=1', '#1q', 1, '=2', '=3', '#0y', '#1q', 2, 3, '=12', '=12', '=15']);
});

test('the sums have room in their columns', () => {
    const wide = Array.from({ length: 300 }, (): Row => ['EUR', 'a', '9999999999999.99', '']);
    const { extras } = tableLines(wide, sortedIndexes(wide, columns, undefined), shapeOf(columns, layout));
    const widths = columnWidths(columns, wide, extras);
    assert((widths[2] as number) >= '2,999,999,999,999,997.00'.length + 4, String(widths[2]));
});

test('a hundred thousand rows are summed up while nobody notices', () => {
    const many = Array.from({ length: 100_000 }, (_, index): Row => [index < 50_000 ? 'EUR' : 'USD', `a${index}`, `${index}.25`, '']);
    const order = sortedIndexes(many, columns, undefined);
    const begin = performance.now();
    const { extras } = tableLines(many, order, shapeOf(columns, layout));
    const took = performance.now() - begin;
    assert.equal(extras.length, 5);
    // Some 50 ms where nothing else goes on; what isn't linear takes minutes.
    assert(took < 5_000, `${took} ms`);
});
