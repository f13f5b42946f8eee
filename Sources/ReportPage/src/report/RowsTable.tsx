import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Column } from '../api/types';
import { cell, isNumeric } from '../logic/cells';
import { Row, Sort, sortedIndexes } from '../logic/sorting';
import { columnWidths, matchingIndexes, visibleRange } from '../logic/virtualRows';

const rowHeight = 30;
const viewHeight = 540;
/** On paper all rows are wanted; beyond this many nobody wants them on paper. */
const printed = 3_000;

type Properties = { columns: readonly Column[]; rows: readonly Row[]; name: string };

/** All rows in a table that holds only those in sight, between two empty ones that are as high as all the others. */
export function RowsTable({ columns, rows, name }: Properties) {
    const [sort, setSort] = useState<Sort>();
    const [search, setSearch] = useState('');
    const [top, setTop] = useState(0);
    const printing = usePrinting();
    const box = useRef<HTMLDivElement>(null);
    const wanted = useDeferredValue(search.trim());
    const widths = useMemo(() => columnWidths(columns, rows), [columns, rows]);
    const sorted = useMemo(() => sortedIndexes(rows, columns, sort), [rows, columns, sort]);
    const shown = useMemo(() => matchingIndexes(sorted, rows, wanted), [sorted, rows, wanted]);
    useEffect(() => {
        if (box.current) box.current.scrollTop = 0;
        setTop(0);
    }, [sort, wanted]);
    const { first, last } = printing ? { first: 0, last: Math.min(shown.length, printed) } : visibleRange(top, viewHeight, rowHeight, shown.length);
    const visible = Array.from(shown.subarray(first, last));
    const width = widths.reduce((sum, each) => sum + each, 0);
    return (
        <>
            {rows.length > 20 && (
                <div className="rows-tools no-print">
                    <label className="visually-hidden" htmlFor="rows-search">
                        Find in rows
                    </label>
                    <input id="rows-search" type="search" placeholder="Find in rows" value={search} onChange={(event) => setSearch(event.target.value)} />
                    <span className="muted small" role="status">
                        {wanted === '' ? '' : `${shown.length} found`}
                    </span>
                    {sort && (
                        <button type="button" className="plain" onClick={() => setSort(undefined)}>
                            As published
                        </button>
                    )}
                </div>
            )}
            <div
                className="rows"
                ref={box}
                tabIndex={0}
                role="region"
                aria-label={`Rows of ${name}`}
                style={printing ? undefined : { maxHeight: viewHeight }}
                onScroll={(event) => setTop(event.currentTarget.scrollTop)}
            >
                <table aria-rowcount={shown.length + 1} style={{ width: `${width}ch` }}>
                    <colgroup>
                        {widths.map((each, index) => (
                            <col key={index} style={{ width: `${each}ch` }} />
                        ))}
                    </colgroup>
                    <thead>
                        <tr aria-rowindex={1}>
                            {columns.map((column, index) => (
                                <HeaderCell key={column.name} column={column} sort={sort?.column === index ? sort : undefined} change={() => setSort(next(sort, index))} />
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {first > 0 && <Spacer height={first * rowHeight} columns={columns.length} />}
                        {visible.map((index, offset) => (
                            <tr key={index} aria-rowindex={first + offset + 2} className={(first + offset) % 2 === 1 ? 'odd' : undefined}>
                                {columns.map((column, place) => {
                                    const { text, red } = cell(rows[index]?.[place], column);
                                    return (
                                        <td key={column.name} className={`${isNumeric(column) ? 'number' : ''}${red ? ' red' : ''}`} title={text.length > 24 ? text : undefined}>
                                            {text}
                                        </td>
                                    );
                                })}
                            </tr>
                        ))}
                        {last < shown.length && !printing && <Spacer height={(shown.length - last) * rowHeight} columns={columns.length} />}
                    </tbody>
                </table>
            </div>
            {printing && shown.length > printed && <p>The first {printed} of {shown.length} rows.</p>}
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
