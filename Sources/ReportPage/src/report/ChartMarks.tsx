import type { Chart } from '../api/types';
import type { ChartData } from './ChartFigure';

type Properties = { chart: Chart; data: ChartData; x: (index: number) => number; y: (value: number) => number; step: number; zero: number };

/** Bars or lines. Pointing at one tells its number. */
export function ChartMarks({ chart, data, x, y, step, zero }: Properties) {
    return <>{chart.type === 'bar' ? bars(data, x, y, step, zero) : lines(data, x, y)}</>;
}

function bars(data: ChartData, x: Properties['x'], y: Properties['y'], step: number, zero: number) {
    const group = Math.min(step * 0.8, 64 * data.series.length);
    const each = group / data.series.length;
    return data.series.map((series, place) =>
        series.values.map((value, index) =>
            value === undefined ? null : (
                <rect
                    key={`${place} ${index}`}
                    className={`series-${place % 8}`}
                    x={x(index) - group / 2 + place * each}
                    y={Math.min(y(value), zero)}
                    width={Math.max(1, each - 1)}
                    height={Math.max(1, Math.abs(zero - y(value)))}
                >
                    <title>{`${data.labels[index]}, ${series.title}: ${series.texts[index]}`}</title>
                </rect>
            ),
        ),
    );
}

function lines(data: ChartData, x: Properties['x'], y: Properties['y']) {
    return data.series.map((series, place) => (
        <g key={place}>
            <path className={`line-${place % 8}`} d={pathOf(series.values, x, y)} />
            {series.values.map((value, index) =>
                value === undefined ? null : (
                    <circle key={index} className={`series-${place % 8}`} cx={x(index)} cy={y(value)} r={data.labels.length > 60 ? 1.5 : 3}>
                        <title>{`${data.labels[index]}, ${series.title}: ${series.texts[index]}`}</title>
                    </circle>
                ),
            )}
        </g>
    ));
}

/** A line is broken where a value is missing. */
function pathOf(values: readonly (number | undefined)[], x: Properties['x'], y: Properties['y']): string {
    let path = '';
    let broken = true;
    values.forEach((value, index) => {
        if (value === undefined) {
            broken = true;
            return;
        }
        path += `${broken ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
        broken = false;
    });
    return path;
}
