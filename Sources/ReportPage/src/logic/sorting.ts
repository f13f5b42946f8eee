import type { Column } from '../api/types';
import { isNumeric } from './cells';
import { compareDecimals, decimal } from './decimals';

export type Sort = { column: number; descending: boolean };
export type Row = readonly unknown[];

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * The order in which rows are shown, as indexes: stable, empty values last in both directions. Numbers are compared as
 * doubles first, which is quick, and digit by digit where those are equal, which is exact.
 */
export function sortedIndexes(rows: readonly Row[], columns: readonly Column[], sort: Sort | undefined): Uint32Array {
    const indexes = Uint32Array.from(rows, (_, index) => index);
    const column = sort && columns[sort.column];
    if (!sort || !column) return indexes;
    const direction = sort.descending ? -1 : 1;
    const at = sort.column;
    return isNumeric(column) ? sortNumbers(indexes, rows, at, direction) : sortTexts(indexes, rows, at, direction);
}

function sortNumbers(indexes: Uint32Array, rows: readonly Row[], at: number, direction: number): Uint32Array {
    const keys = Float64Array.from(rows, (row) => {
        const value = row[at];
        return value === null || value === undefined || value === '' ? NaN : Number(value);
    });
    return indexes.sort((left, right) => {
        const a = keys[left] as number;
        const b = keys[right] as number;
        if (a < b) return -direction;
        if (a > b) return direction;
        if (a !== b) {
            const order = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
            return order === 0 ? left - right : order;
        }
        return direction * exactly(rows[left]?.[at], rows[right]?.[at]) || left - right;
    });
}

function exactly(left: unknown, right: unknown): number {
    if (typeof left !== 'string' || typeof right !== 'string' || left === right) return 0;
    const a = decimal(left);
    const b = decimal(right);
    return a && b ? compareDecimals(a, b) : 0;
}

/** A collator is slow, so each value that occurs is ranked once. */
function sortTexts(indexes: Uint32Array, rows: readonly Row[], at: number, direction: number): Uint32Array {
    const texts = rows.map((row) => {
        const value = row[at];
        return value === null || value === undefined ? '' : String(value);
    });
    const distinct = [...new Set(texts)].sort(collator.compare);
    const ranks = new Map<string, number>();
    let rank = 0;
    distinct.forEach((text, index) => {
        const before = distinct[index - 1];
        if (before !== undefined && collator.compare(before, text) !== 0) rank += 1;
        ranks.set(text, text === '' ? Infinity : rank);
    });
    const keys = Float64Array.from(texts, (text) => ranks.get(text) as number);
    return indexes.sort((left, right) => {
        const a = keys[left] as number;
        const b = keys[right] as number;
        if (a === b) return left - right;
        if (a === Infinity || b === Infinity) return a === Infinity ? 1 : -1;
        return a < b ? -direction : direction;
    });
}
