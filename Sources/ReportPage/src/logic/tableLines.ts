import type { Column } from '../api/types';
import type { Row } from './sorting';
import { DecimalSum } from './sums';

/** What of the columns the report's layout shows, as places among those that were published. */
export type TableShape = { shown: number[]; groupBy: number[]; summed: number[]; grandTotal: boolean };

/** Names that weren't published are left out, as the API does. */
export function shapeOf(columns: readonly Column[], layout: { shown?: readonly string[]; groupBy?: readonly string[]; grandTotal?: boolean } | undefined): TableShape {
    const places = new Map(columns.map((column, place) => [column.name, place]));
    const placesOf = (names: readonly string[]) => names.map((name) => places.get(name)).filter((place): place is number => place !== undefined);
    const shown = layout?.shown ? placesOf(layout.shown) : columns.map((_, place) => place);
    return { shown, groupBy: placesOf(layout?.groupBy ?? []), summed: shown.filter((place) => columns[place]?.total === 'sum'), grandTotal: layout?.grandTotal ?? true };
}

export type Sums = ReadonlyMap<number, string | undefined>;

/** A line of the table that is no row: a group's beginning, its sums, or those of the whole. */
export type Extra =
    | { kind: 'heading'; level: number; column: number; value: unknown }
    | { kind: 'subtotal'; level: number; column: number; value: unknown; sums: Sums; count: number }
    | { kind: 'total'; sums: Sums; count: number };

/**
 * Line after line: a row by its index, an extra by its own place below zero: -1 is the first. Rows of a group stand one after
 * another from `starts` on; `groupOf` says which group a row is of.
 */
export type TableLines = { lines: Int32Array; extras: readonly Extra[]; groupOf: Uint32Array; starts: Uint32Array };

/**
 * The lines of a table, of those rows that are wanted. Rows are grouped as they were published, as in the files: a value that
 * comes again later begins a group again. Sums are of the rows that are there.
 */
export function tableLines(rows: readonly Row[], wanted: Uint32Array, { groupBy, summed, grandTotal }: TableShape): TableLines {
    const extras: Extra[] = [];
    const lines: number[] = [];
    const groupOf = new Uint32Array(rows.length);
    const starts: number[] = groupBy.length === 0 ? [0] : [];
    const add = (extra: Extra) => {
        extras.push(extra);
        lines.push(-extras.length);
    };
    // The sums of the whole, then those of each open group.
    const open: Tally[] = [newTally(summed)];
    let values: unknown[] = [];
    const close = (from: number) => {
        for (let level = values.length - 1; level >= from; level -= 1) {
            const tally = open.pop();
            if (!tally) continue;
            passOn(tally, open[open.length - 1]);
            if (summed.length > 0) add({ kind: 'subtotal', level, column: groupBy[level] as number, value: values[level], ...told(tally) });
        }
        values = values.slice(0, from);
    };
    for (const index of wanted) {
        const row = rows[index] as Row;
        const change = firstChange(values, row, groupBy);
        if (change < groupBy.length) {
            close(change);
            for (let level = change; level < groupBy.length; level += 1) {
                const column = groupBy[level] as number;
                values.push(row[column]);
                add({ kind: 'heading', level, column, value: row[column] });
                open.push(newTally(summed));
            }
            starts.push(lines.length);
        }
        groupOf[index] = starts.length - 1;
        lines.push(index);
        const innermost = open[open.length - 1] as Tally;
        innermost.count += 1;
        for (const [place, sum] of innermost.sums) sum.add(row[place]);
    }
    close(0);
    const whole = open[0];
    if (grandTotal && whole && whole.count > 0 && summed.length > 0) add({ kind: 'total', ...told(whole) });
    return { lines: Int32Array.from(lines), extras, groupOf, starts: Uint32Array.from(starts) };
}

/** The same lines with the rows of each group in the order given, which has the same rows. */
export function inOrder({ lines, groupOf, starts }: TableLines, order: Uint32Array): Int32Array {
    const sorted = lines.slice();
    const next = starts.slice();
    for (const index of order) {
        const group = groupOf[index] as number;
        const place = next[group] as number;
        sorted[place] = index;
        next[group] = place + 1;
    }
    return sorted;
}

type Tally = { sums: Map<number, DecimalSum>; count: number };

const newTally = (summed: readonly number[]): Tally => ({ sums: new Map(summed.map((place) => [place, new DecimalSum()])), count: 0 });

/** Each row is added once, to its innermost group. */
function passOn(tally: Tally, outer: Tally | undefined): void {
    if (!outer) return;
    outer.count += tally.count;
    for (const [place, sum] of tally.sums) outer.sums.get(place)?.addAll(sum);
}

const told = ({ sums, count }: Tally): { sums: Sums; count: number } => ({ sums: new Map([...sums].map(([place, sum]) => [place, sum.text])), count });

/** The outermost level whose value is another one; how many there are where none is. */
function firstChange(values: readonly unknown[], row: Row, groupBy: readonly number[]): number {
    for (let level = 0; level < groupBy.length; level += 1) {
        if (level >= values.length || values[level] !== row[groupBy[level] as number]) return level;
    }
    return groupBy.length;
}
