import type { Column } from '../api/types';
import { cell, isNumeric } from './cells';
import type { Row } from './sorting';
import type { Extra } from './tableLines';

/** The rows in sight and some around them, so that a quick turn of the wheel shows no gap. */
export function visibleRange(top: number, viewHeight: number, rowHeight: number, count: number): { first: number; last: number } {
    const around = 12;
    // An even first row keeps stripes where they are.
    const first = Math.max(0, Math.floor(top / rowHeight) - around) & ~1;
    const last = Math.min(count, Math.ceil((top + viewHeight) / rowHeight) + around);
    return { first: Math.min(first, Math.max(0, last - 1)), last };
}

/** Widths in characters, from the head, the first rows and the sums: they must not change while she scrolls. */
export function columnWidths(columns: readonly Column[], rows: readonly Row[], extras: readonly Extra[] = []): number[] {
    // The sums of the whole are mostly the longest.
    const last = extras[extras.length - 1];
    const total = last?.kind === 'total' ? last : undefined;
    return columns.map((column, index) => {
        let widest = (column.title ?? column.name).length + 2;
        for (let row = 0; row < Math.min(rows.length, 200); row += 1) widest = Math.max(widest, cell(rows[row]?.[index], column).text.length);
        if (total?.sums.has(index)) widest = Math.max(widest, cell(total.sums.get(index) ?? '', column).text.length);
        return Math.min(isNumeric(column) ? 30 : 44, Math.max(6, widest)) + 4;
    });
}

/** Those that hold the text in any column, in the order given. */
export function matchingIndexes(indexes: Uint32Array, rows: readonly Row[], text: string): Uint32Array {
    if (text === '') return indexes;
    const wanted = text.toLowerCase();
    return indexes.filter((index) => rows[index]?.some((value) => value !== null && value !== undefined && String(value).toLowerCase().includes(wanted)));
}
