import { RefObject, useEffect, useRef, useState } from 'react';
import type { Chart, Column } from '../api/types';
import { cell } from '../logic/cells';
import { labelStep, tickLabel, ticks } from '../logic/chartScale';
import type { Row } from '../logic/sorting';
import { ChartMarks } from './ChartMarks';

const height = 280;
const margin = { top: 12, right: 12, bottom: 34, left: 56 };
/** Beyond it marks are thinner than a pixel, and the table tells more. */
const most = 400;

export type ChartData = { labels: string[]; series: { title: string; values: (number | undefined)[]; texts: string[] }[] };

/** A chart of the layout, drawn by hand, and the same numbers as a table for those who can't see it. */
export function ChartFigure({ chart, columns, rows }: { chart: Chart; columns: readonly Column[]; rows: readonly Row[] }) {
    const box = useRef<HTMLDivElement>(null);
    const width = useWidth(box);
    const data = dataOf(chart, columns, rows.slice(0, most));
    if (!data) return null;
    const title = chart.title ?? data.series.map((series) => series.title).join(', ');
    const least = margin.left + margin.right + data.labels.length * (chart.type === 'bar' ? 6 * data.series.length : 3);
    const inner = Math.max(width, least);
    const room = inner - margin.left - margin.right;
    const marks = ticks(data.series.flatMap((series) => series.values.filter((value): value is number => value !== undefined)), chart.type === 'bar');
    const low = marks[0] ?? 0;
    const high = marks[marks.length - 1] ?? 1;
    const y = (value: number) => margin.top + (1 - (value - low) / (high - low)) * (height - margin.top - margin.bottom);
    const step = room / Math.max(1, data.labels.length);
    const x = (index: number) => margin.left + step * (index + 0.5);
    const every = labelStep(data.labels.length, room, 7 * Math.min(14, Math.max(...data.labels.map((label) => label.length))) + 12);
    return (
        <figure className="chart">
            <figcaption>
                <span className="strong">{title}</span>
                {data.series.length > 1 && (
                    <span className="legend">
                        {data.series.map((series, index) => (
                            <span key={series.title}>
                                <svg width="12" height="12" aria-hidden="true">
                                    <rect className={`series-${index % 8}`} width="12" height="12" rx="2" />
                                </svg>
                                {series.title}
                            </span>
                        ))}
                    </span>
                )}
            </figcaption>
            <div className="chart-scroll" ref={box} tabIndex={inner > width ? 0 : undefined}>
                <svg width={inner} height={height} role="img" aria-label={`${title}: ${chart.type === 'bar' ? 'bar' : 'line'} chart of ${data.labels.length} values. The table below has the numbers.`}>
                    {marks.map((mark) => (
                        <g key={mark}>
                            <line className={mark === 0 ? 'axis-zero' : 'grid'} x1={margin.left} x2={inner - margin.right} y1={y(mark)} y2={y(mark)} />
                            <text className="tick" x={margin.left - 8} y={y(mark) + 4} textAnchor="end">
                                {tickLabel(mark)}
                            </text>
                        </g>
                    ))}
                    <ChartMarks chart={chart} data={data} x={x} y={y} step={step} zero={y(Math.max(low, 0))} />
                    {data.labels.map((label, index) =>
                        index % every === 0 ? (
                            <text key={index} className="tick" x={x(index)} y={height - margin.bottom + 18} textAnchor="middle">
                                {label.length > 14 ? `${label.slice(0, 13)}…` : label}
                            </text>
                        ) : null,
                    )}
                </svg>
            </div>
            {rows.length > most && <p className="muted small">The first {most} rows are drawn.</p>}
            <details className="no-print">
                <summary>As a table</summary>
                <ChartTable data={data} x={columns.find((column) => column.name === chart.x)?.title ?? chart.x} title={title} />
            </details>
        </figure>
    );
}

function ChartTable({ data, x, title }: { data: ChartData; x: string; title: string }) {
    return (
        <div className="timeline-scroll" tabIndex={0} role="region" aria-label={title}>
            <table className="plain-table">
                <thead>
                    <tr>
                        <th scope="col">{x}</th>
                        {data.series.map((series) => (
                            <th key={series.title} scope="col" className="number">
                                {series.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {data.labels.map((label, index) => (
                        <tr key={index}>
                            <th scope="row">{label}</th>
                            {data.series.map((series) => (
                                <td key={series.title} className="number">
                                    {series.texts[index]}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function dataOf(chart: Chart, columns: readonly Column[], rows: readonly Row[]): ChartData | undefined {
    const place = (name: string) => columns.findIndex((column) => column.name === name);
    const xColumn = columns[place(chart.x)];
    if (!xColumn) return undefined;
    const series = chart.series
        .map((name) => ({ at: place(name), column: columns[place(name)] }))
        .filter((each): each is { at: number; column: Column } => each.column !== undefined)
        .map(({ at, column }) => ({
            title: column.title ?? column.name,
            values: rows.map((row) => number(row[at])),
            texts: rows.map((row) => cell(row[at], column).text),
        }));
    return series.length === 0 ? undefined : { labels: rows.map((row) => cell(row[place(chart.x)], xColumn).text), series };
}

function number(value: unknown): number | undefined {
    if (value === null || value === undefined || value === '') return undefined;
    const found = Number(value);
    return Number.isFinite(found) ? found : undefined;
}

function useWidth(box: RefObject<HTMLElement>): number {
    const [width, setWidth] = useState(640);
    useEffect(() => {
        const element = box.current;
        if (!element) return undefined;
        const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
        observer.observe(element);
        return () => observer.disconnect();
    }, [box]);
    return width;
}
