import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../../../Sources/ReportPage/src/logic/cells';
import { compareDecimals, Decimal, decimal, rounded } from '../../../Sources/ReportPage/src/logic/decimals';
import { formatNumber } from '../../../Sources/ReportPage/src/logic/numberFormat';

const of = (text: string): Decimal => decimal(text) ?? assert.equal(text, 'a decimal') as never;
const textOf = ({ negative, whole, fraction }: Decimal): string => `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;

test('decimals keep every digit', () => {
    assert.equal(textOf(of('-00123.4500')), '-123.4500');
    assert.equal(textOf(of('1.5E3')), '1500');
    assert.equal(textOf(of('-25e-4')), '-0.0025');
    assert.equal(textOf(of('-0.00')), '0.00');
    assert.equal(textOf(of('12345678901234567890123456789012.34')), '12345678901234567890123456789012.34');
    for (const text of ['', 'abc', '1,5', 'NaN', '0x10', '1.2.3']) assert.equal(decimal(text), undefined);
});

test('decimals are compared exactly, beyond what a double holds', () => {
    const ascending = ['-100', '-99.5', '-0.01', '0', '0.1', '0.10000000000000000001', '9007199254740992', '9007199254740993', '10000000000000000'];
    for (let index = 1; index < ascending.length; index += 1) {
        const [before, after] = [of(ascending[index - 1] as string), of(ascending[index] as string)];
        assert(compareDecimals(before, after) < 0, `${ascending[index - 1]} < ${ascending[index]}`);
        assert(compareDecimals(after, before) > 0);
    }
    assert.equal(compareDecimals(of('1.50'), of('1.5')), 0);
});

test('halves are rounded away from zero, as Excel does', () => {
    assert.equal(textOf(rounded(of('2.345'), 2)), '2.35');
    assert.equal(textOf(rounded(of('-2.345'), 2)), '-2.35');
    assert.equal(textOf(rounded(of('0.995'), 2)), '1.00');
    assert.equal(textOf(rounded(of('-0.004'), 2)), '0.00');
    assert.equal(textOf(rounded(of('999.5'), 0)), '1000');
    assert.equal(textOf(rounded(of('7'), 2)), '7.00');
});

test('Excel’s codes show numbers as the files do', () => {
    const accounting = '#,##0.00_);(#,##0.00);"-"_)';
    const expected: [string, string, string, boolean][] = [
        ['1234567.895', '#,##0.00', '1,234,567.90', false],
        ['-70926.89', accounting, '(70,926.89)', false],
        ['0.00', accounting, '-', false],
        ['-12.5', '#,##0.00;[Red](#,##0.00)', '(12.50)', true],
        ['-12.5', '#,##0.0', '−12.5', false],
        ['-0.04', '#,##0.0', '0.0', false],
        ['0.8567', '0.0 %', '85.7 %', false],
        ['0.005', '0%', '1%', false],
        ['7', '000', '007', false],
        ['0.5', '#.00', '0.50', false],
        ['1999', '0', '1999', false],
        ['12', '0.0 "kg"', '12.0 kg', false],
    ];
    for (const [value, code, text, red] of expected) assert.deepEqual(formatNumber(value, code), { text, red }, `${value} as ${code}`);
    assert.equal(formatNumber('n/a', '0.00'), undefined);
});

test('cells without a code go by their column’s type', () => {
    assert.equal(cell(2026, { name: 'year', type: 'integer' }).text, '2026');
    assert.equal(cell('-1234.50', { name: 'amount', type: 'decimal' }).text, '−1,234.50');
    assert.equal(cell('2026-10', { name: 'month', type: 'month' }).text, 'October 2026');
    assert.equal(cell('2026-10-31T13:05:00Z', { name: 'at', type: 'timestamp' }).text, '31 Oct 2026, 14:05');
    assert.equal(cell(false, { name: 'open', type: 'boolean' }).text, 'No');
    assert.equal(cell(null, { name: 'amount', type: 'decimal', format: '0.00' }).text, '');
    assert.equal(cell('n/a', { name: 'amount', type: 'decimal', format: '0.00' }).text, 'n/a');
});
