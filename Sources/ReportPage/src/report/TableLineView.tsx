import type { Column } from '../api/types';
import { cell, isNumeric } from '../logic/cells';
import type { Row } from '../logic/sorting';
import type { Extra } from '../logic/tableLines';

type Places = { columns: readonly Column[]; shown: readonly number[]; lineNumber: number };

/** A row as the layout shows it. */
export function RowLine({ row, columns, shown, lineNumber }: Places & { row: Row | undefined }) {
    return (
        <tr aria-rowindex={lineNumber} className={lineNumber % 2 === 1 ? 'odd' : undefined}>
            {shown.map((place) => {
                const column = columns[place];
                if (!column) return null;
                const { text, red } = cell(row?.[place], column);
                return (
                    <td key={column.name} className={`${isNumeric(column) ? 'number' : ''}${red ? ' red' : ''}`} title={text.length > 24 ? text : undefined}>
                        {text}
                    </td>
                );
            })}
        </tr>
    );
}

/** A group's beginning, or sums: with their label in the first column that has none. */
export function ExtraLine({ extra, columns, shown, lineNumber }: Places & { extra: Extra }) {
    if (extra.kind === 'heading') {
        return (
            <tr aria-rowindex={lineNumber} className="group-heading">
                <th scope="rowgroup" colSpan={shown.length} style={{ paddingInlineStart: `calc(10px + ${extra.level}em)` }}>
                    {nameOf(columns[extra.column])}: {groupText(extra.value, columns[extra.column])}
                </th>
            </tr>
        );
    }
    const label = extra.kind === 'total' ? 'Total' : `Total ${groupText(extra.value, columns[extra.column])}`;
    const labelled = shown.find((place) => !extra.sums.has(place));
    return (
        <tr aria-rowindex={lineNumber} className={extra.kind === 'total' ? 'sum total' : 'sum'}>
            {shown.map((place) => {
                const column = columns[place];
                if (!column) return null;
                if (place === labelled) {
                    return (
                        <th key={column.name} scope="row" title={`${label}: ${extra.count} ${extra.count === 1 ? 'row' : 'rows'}`}>
                            {label}
                        </th>
                    );
                }
                if (!extra.sums.has(place)) return <td key={column.name} />;
                const sum = extra.sums.get(place);
                const { text, red } = cell(sum ?? '–', column);
                return (
                    <td key={column.name} className={`number${red ? ' red' : ''}`} title={labelled === undefined ? label : sum === undefined ? 'These values have no exact sum' : undefined}>
                        {text}
                    </td>
                );
            })}
        </tr>
    );
}

const nameOf = (column: Column | undefined): string => column?.title ?? column?.name ?? '';

function groupText(value: unknown, column: Column | undefined): string {
    return (column ? cell(value, column).text : '') || '–';
}
