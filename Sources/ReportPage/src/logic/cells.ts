import type { Column } from '../api/types';
import { decimal, grouped } from './decimals';
import { formatNumber, Shown } from './numberFormat';
import { dateName, dayOf, clockTime, monthName } from './times';

export function isNumeric(column: Column): boolean {
    return column.type === 'integer' || column.type === 'decimal' || column.type === 'double' || column.type === 'number';
}

/** A value as the report's layout shows it: its format code first, else by the column's type. */
export function cell(value: unknown, column: Column): Shown {
    if (value === null || value === undefined) return { text: '', red: false };
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (isNumeric(column)) {
        const formatted = column.format === undefined ? undefined : formatNumber(text, column.format);
        return formatted ?? { text: plainNumber(text, column), red: false };
    }
    switch (column.type) {
        case 'boolean':
            return { text: value === true ? 'Yes' : value === false ? 'No' : text, red: false };
        case 'date':
            return { text: dateName(text.slice(0, 10)), red: false };
        case 'month':
            return { text: monthName(text.slice(0, 7)), red: false };
        case 'timestamp':
            return { text: Number.isNaN(Date.parse(text)) ? text : `${dayOf(text)}, ${clockTime(text)}`, red: false };
        default:
            return { text, red: false };
    }
}

/** Integers without groups, since one may be a year or a number on a form; money with them and all its places. */
function plainNumber(text: string, column: Column): string {
    if (column.type === 'integer') return text.replace(/^-/, '\u2212');
    const value = decimal(text);
    if (!value) return text;
    const whole = column.type === 'decimal' ? grouped(value.whole, ',') : value.whole;
    return (value.negative ? '\u2212' : '') + whole + (value.fraction ? `.${value.fraction}` : '');
}
