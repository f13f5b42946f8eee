import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Column, Report } from '../api/types';
import { isNumeric } from '../logic/cells';
import { Row, Sort, sortedIndexes } from '../logic/sorting';
import { inOrder, shapeOf, tableLines } from '../logic/tableLines';
import { columnWidths, matchingIndexes, visibleRange } from '../logic/virtualRows';
import { ExtraLine, RowLine } from './TableLineView';

const rowHeight = 30;
const viewHeight = 540;
/** On paper all rows are wanted; beyond this many nobody wants them on paper. */
const printed = 3_000;

type Properties = {
    columns: readonly Column[];
    rows: readonly Row[];
    name: string;
    layout: NonNullable<Report['result']>;
    /** Whether all of them are there: sums of some would be wrong. */
    whole: boolean;
};

/** All rows in a table that holds only those in sight, between two empty ones that are as high as all the others. */
export function RowsTable({ columns, rows, name, layout, whole }: Properties) {
    const [sort, setSort] = useState<Sort>();
    const [search, setSearch] = useState('');
    const [plain, setPlain] = useState(false);
    const [top, setTop] = useState(0);
    const printing = usePrinting();
    const box = useRef<HTMLDivElement>(null);
    const wanted = useDeferredValue(search.trim());
    const laidOut = useMemo(() => shapeOf(columns, layout), [columns, layout]);
    const shape = useMemo(() => {
        const shown = plain ? shapeOf(columns, { grandTotal: layout.grandTotal ?? true }) : laidOut;
        return whole ? shown : { ...shown, summed: [] };
    }, [columns, laidOut, layout, plain, whole]);
    const sorted = useMemo(() => sortedIndexes(rows, columns, sort), [rows, columns, sort]);
    const found = useMemo(() => matchingIndexes(sortedIndexes(rows, columns, undefined), rows, wanted), [rows, columns, wanted]);
    // Sums are the same in any order.
    const table = useMemo(() => tableLines(rows, found, shape), [rows, found, shape]);
    const { extras } = table;
    const lines = useMemo(() => (sort ? inOrder(table, matchingIndexes(sorted, rows, wanted)) : table.lines), [table, sort, sorted, rows, wanted]);
    const widths = useMemo(() => {
        const all = columnWidths(columns, rows, extras);
        return shape.shown.map((place) => all[place] ?? 8);
    }, [columns, rows, extras, shape]);
    useEffect(() => {
        if (box.current) box.current.scrollTop = 0;
        setTop(0);
    }, [sort, wanted, plain]);
    const { first, last } = printing ? { first: 0, last: Math.min(lines.length, printed) } : visibleRange(top, viewHeight, rowHeight, lines.length);
    const width = widths.reduce((sum, each) => sum + each, 0);
    const hasLayout = laidOut.groupBy.length > 0 || laidOut.shown.join() !== columns.map((_, place) => place).join();
    return (
        <>
            <div className="rows-tools no-print">
                {rows.length > 20 && (
                    <>
                        <label className="visually-hidden" htmlFor="rows-search">
                            Find in rows
                        </label>
                        <input id="rows-search" type="search" placeholder="Find in rows" value={search} onChange={(event) => setSearch(event.target.value)} />
                        <span className="muted small" role="status">
                            {wanted === '' ? '' : `${found.length} found`}
                        </span>
                    </>
                )}
                {hasLayout && (
                    <label className="check">
                        <input type="checkbox" checked={plain} onChange={(event) => setPlain(event.target.checked)} />
                        All columns, without groups
                    </label>
                )}
                {sort && (
                    <button type="button" className="plain" onClick={() => setSort(undefined)}>
                        In the report’s order
                    </button>
                )}
            </div>
            <div
                className="rows"
                ref={box}
                tabIndex={0}
                role="region"
                aria-label={`Rows of ${name}`}
                style={printing ? undefined : { maxHeight: viewHeight }}
                onScroll={(event) => setTop(event.currentTarget.scrollTop)}
            >
                <table aria-rowcount={lines.length + 1} style={{ width: `${width}ch` }}>
                    <colgroup>
                        {widths.map((each, index) => (
                            <col key={index} style={{ width: `${each}ch` }} />
                        ))}
                    </colgroup>
                    <thead>
                        <tr aria-rowindex={1}>
                            {shape.shown.map((place) => {
                                const column = columns[place];
                                return column && <HeaderCell key={column.name} column={column} sort={sort?.column === place ? sort : undefined} change={() => setSort(next(sort, place))} />;
                            })}
                        </tr>
                    </thead>
                    <tbody>
                        {first > 0 && <Spacer height={first * rowHeight} columns={shape.shown.length} />}
                        {Array.from(lines.subarray(first, last), (line, offset) => {
                            const places = { columns, shown: shape.shown, lineNumber: first + offset + 2 };
                            const extra = line < 0 ? extras[-line - 1] : undefined;
                            return extra ? <ExtraLine key={line} extra={extra} {...places} /> : <RowLine key={line} row={rows[line]} {...places} />;
                        })}
                        {last < lines.length && !printing && <Spacer height={(lines.length - last) * rowHeight} columns={shape.shown.length} />}
                    </tbody>
                </table>
            </div>
            {printing && lines.length > printed && <p>The first {printed} of {lines.length} lines.</p>}
        </>
    );
}

function HeaderCell({ column, sort, change }: { column: Column; sort: Sort | undefined; change: () => void }) {
    return (
        <th scope="col" className={isNumeric(column) ? 'number' : undefined} aria-sort={sort ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
            <button type="button" className="plain" onClick={change} title={column.title === undefined || column.title === column.name ? column.name : `${column.title} (${column.name})`}>
                {column.title ?? column.name}
                <span aria-hidden="true" className="sort-mark">
                    {sort ? (sort.descending ? ' ▼' : ' ▲') : ''}
                </span>
            </button>
        </th>
    );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
    return (
        <tr aria-hidden="true" className="spacer">
            <td colSpan={columns} style={{ height }} />
        </tr>
    );
}

function next(sort: Sort | undefined, column: number): Sort | undefined {
    if (sort?.column !== column) return { column, descending: false };
    return sort.descending ? undefined : { column, descending: true };
}

/** The browser takes the page as it is when the question to print is answered. */
function usePrinting(): boolean {
    const [printing, setPrinting] = useState(false);
    useEffect(() => {
        const before = () => flushSync(() => setPrinting(true));
        const after = () => setPrinting(false);
        addEventListener('beforeprint', before);
        addEventListener('afterprint', after);
        return () => {
            removeEventListener('beforeprint', before);
            removeEventListener('afterprint', after);
        };
    }, []);
    return printing;
}
