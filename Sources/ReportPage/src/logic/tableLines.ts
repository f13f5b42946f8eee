import type { Column } from '../api/types';
import type { Row } from './sorting';
import { DecimalSum } from './sums';

/** What of the columns the report's layout shows, as places among those that were published. */
export type TableShape = { shown: number[]; groupBy: number[]; summed: number[] };

/** Names that weren't published are left out, as the API does. */
export function shapeOf(columns: readonly Column[], layout: { shown?: readonly string[]; groupBy?: readonly string[] } | undefined): TableShape {
    const places = new Map(columns.map((column, place) => [column.name, place]));
    const placesOf = (names: readonly string[]) => names.map((name) => places.get(name)).filter((place): place is number => place !== undefined);
    const shown = layout?.shown ? placesOf(layout.shown) : columns.map((_, place) => place);
    return { shown, groupBy: placesOf(layout?.groupBy ?? []), summed: shown.filter((place) => columns[place]?.total === 'sum') };
}

export type Sums = ReadonlyMap<number, string | undefined>;

/** A line of the table that is no row: a group's beginning, its sums, or those of the whole. */
export type Extra =
    | { kind: 'heading'; level: number; column: number; value: unknown }
    | { kind: 'subtotal'; level: number; column: number; value: unknown; sums: Sums; count: number }
    | { kind: 'total'; sums: Sums; count: number };

/** Line after line: a row by its index, an extra by its own place below zero: -1 is the first. */
export type Lines = { lines: Int32Array; extras: readonly Extra[] };

/** Rows one after another with the same values in the columns that they are grouped by: `values` are the group's. */
type Group = { values: unknown[]; rows: number[] };

/**
 * The lines of a table. Rows are grouped as they were published, as in the files: a value that comes again later begins a
 * group again. Within a group they stand in the order given; sums are of the rows that are given.
 */
export function tableLines(rows: readonly Row[], order: Uint32Array, shape: TableShape): Lines {
    const { groupBy, summed } = shape;
    if (groupBy.length === 0 && summed.length === 0) return { lines: Int32Array.from(order), extras: [] };
    const groups = groupsOf(rows, order, groupBy);
    const extras: Extra[] = [];
    const lines: number[] = [];
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
            if (tally && summed.length > 0) add({ kind: 'subtotal', level, column: groupBy[level] as number, value: values[level], ...told(tally) });
        }
        values = values.slice(0, from);
    };
    for (const group of groups) {
        close(firstChange(values, group.values));
        for (let level = values.length; level < groupBy.length; level += 1) {
            add({ kind: 'heading', level, column: groupBy[level] as number, value: group.values[level] });
            open.push(newTally(summed));
        }
        values = group.values;
        for (const index of group.rows) {
            const row = rows[index];
            lines.push(index);
            for (const tally of open) {
                tally.count += 1;
                for (const [place, sum] of tally.sums) sum.add(row?.[place]);
            }
        }
    }
    close(0);
    const whole = open[0];
    if (whole && whole.count > 0 && summed.length > 0) add({ kind: 'total', ...told(whole) });
    return { lines: Int32Array.from(lines), extras };
}

type Tally = { sums: Map<number, DecimalSum>; count: number };

const newTally = (summed: readonly number[]): Tally => ({ sums: new Map(summed.map((place) => [place, new DecimalSum()])), count: 0 });

const told = ({ sums, count }: Tally): { sums: Sums; count: number } => ({ sums: new Map([...sums].map(([place, sum]) => [place, sum.text])), count });

function firstChange(before: readonly unknown[], after: readonly unknown[]): number {
    const found = before.findIndex((value, level) => value !== after[level]);
    return found < 0 ? before.length : found;
}

/** Which rows are together follows from how they were published; how they stand in a group, from the order. */
function groupsOf(rows: readonly Row[], order: Uint32Array, groupBy: readonly number[]): Group[] {
    if (groupBy.length === 0) return [{ values: [], rows: Array.from(order) }];
    const groups: Group[] = [];
    const groupOf = new Uint32Array(rows.length);
    rows.forEach((row, index) => {
        const last = groups[groups.length - 1];
        if (last && groupBy.every((place, level) => row[place] === last.values[level])) groupOf[index] = groups.length - 1;
        else {
            groupOf[index] = groups.length;
            groups.push({ values: groupBy.map((place) => row[place]), rows: [] });
        }
    });
    for (const index of order) groups[groupOf[index] as number]?.rows.push(index);
    return groups.filter((group) => group.rows.length > 0);
}
