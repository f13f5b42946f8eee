import type { ParameterSpec } from '../api/types';
import { dateName, monthName } from './times';

/** What a form holds: texts as typed; several of them where a parameter takes several values. */
export type FieldValue = string | string[];
export type FieldValues = Record<string, FieldValue>;

/** What a request's record holds of a parameter, as the form's value. */
export function fieldValue(spec: ParameterSpec, text: string | undefined): FieldValue {
    if (!spec.multiple) return text ?? '';
    if (text === undefined || text === '') return [];
    try {
        const values: unknown = JSON.parse(text);
        return Array.isArray(values) ? values.map(String) : [text];
    } catch {
        return [text];
    }
}

export function defaultValues(specs: readonly ParameterSpec[]): FieldValues {
    return Object.fromEntries(specs.map((spec) => [spec.name, defaultValue(spec)]));
}

function defaultValue(spec: ParameterSpec): FieldValue {
    if (spec.multiple) return Array.isArray(spec.default) ? spec.default.map(String) : spec.default === undefined ? [] : [String(spec.default)];
    return spec.default === undefined || spec.default === null ? '' : String(spec.default);
}

/** The body's `parameters`: empty fields are left out, so that the pipeline's defaults hold. */
export function parameterBody(specs: readonly ParameterSpec[], values: FieldValues): Record<string, unknown> {
    const body: Record<string, unknown> = {};
    for (const spec of specs) {
        const value = values[spec.name];
        if (value === undefined || value.length === 0) continue;
        body[spec.name] = Array.isArray(value) ? value.filter((item) => item !== '').map((item) => typed(spec, item)) : typed(spec, value);
    }
    return body;
}

/** Numbers travel as numbers only where no digit gets lost on the way. */
function typed(spec: ParameterSpec, text: string): unknown {
    const trimmed = spec.type === 'string' ? text : text.trim();
    switch (spec.type) {
        case 'boolean':
            return trimmed === 'true' ? true : trimmed === 'false' ? false : trimmed;
        case 'integer':
        case 'number':
            return trimmed !== '' && String(Number(trimmed)) === trimmed ? Number(trimmed) : trimmed;
        default:
            return trimmed;
    }
}

const placeholder = /\{(time|date|workday|month|year)([+-]\d{1,3})?\}/;

/** What is wrong with a value before anything is sent. The API judges all the same; this only answers sooner. */
export function fault(spec: ParameterSpec, value: FieldValue | undefined, scheduled: boolean): string | undefined {
    const texts = (Array.isArray(value) ? value : [value ?? '']).filter((text) => text !== '');
    if (texts.length === 0) return spec.required ? 'Required.' : undefined;
    for (const text of texts) {
        if (scheduled && placeholder.test(text)) continue;
        const found = faultOfText(spec, text.trim());
        if (found) return found;
    }
    return undefined;
}

function faultOfText(spec: ParameterSpec, text: string): string | undefined {
    return faultOfType(spec, text) ?? faultOfBounds(spec, text);
}

/** A pattern is left to the API: a browser's may take for ever over a text. */
function faultOfBounds(spec: ParameterSpec, text: string): string | undefined {
    if (spec.type === 'string') {
        const count = [...text].length;
        if (spec.minLength !== undefined && count < spec.minLength) return `At least ${String(spec.minLength)} characters.`;
        if (spec.maxLength !== undefined && count > spec.maxLength) return `At most ${String(spec.maxLength)} characters.`;
        return undefined;
    }
    const isNumber = spec.type === 'integer' || spec.type === 'number';
    const isLess = (one: string, other: string) => (isNumber ? Number(one) < Number(other) : one < other);
    const [least, most] = [bound(spec.minimum), bound(spec.maximum)];
    if (least !== undefined && isLess(text, least)) return `At least ${least}.`;
    if (most !== undefined && isLess(most, text)) return `At most ${most}.`;
    return undefined;
}

/** `minimum` or `maximum` as text, as form fields have it. */
export function bound(value: unknown): string | undefined {
    return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}

function faultOfType(spec: ParameterSpec, text: string): string | undefined {
    switch (spec.type) {
        case 'integer':
            return /^[+-]?\d+$/.test(text) ? undefined : 'A whole number, such as 12.';
        case 'number':
            return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? undefined : 'A number, such as 12.5.';
        case 'month':
            return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? undefined : 'A month, such as 2026-10.';
        case 'date':
            return isDate(text) ? undefined : 'A day, such as 2026-10-31.';
        default:
            return undefined;
    }
}

function isDate(text: string): boolean {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!match) return false;
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(match[3]);
}

/** The same whatever was left at its default, so that equal requests are seen to be equal. */
export function fingerprint(specs: readonly ParameterSpec[], values: FieldValues): string {
    return JSON.stringify(
        specs.map((spec) => {
            const value = values[spec.name];
            const given = value === undefined || value.length === 0 ? defaultValue(spec) : value;
            return [spec.name, Array.isArray(given) ? given.map((item) => item.trim()) : given.trim()];
        }),
    );
}

export function recordedValues(specs: readonly ParameterSpec[], parameters: Record<string, string> | undefined): FieldValues {
    return Object.fromEntries(specs.map((spec) => [spec.name, fieldValue(spec, parameters?.[spec.name])]));
}

/** A recorded value as a reader takes it: `2026-10` as October 2026. */
export function readable(text: string): string {
    if (/^\d{4}-\d{2}$/.test(text)) return monthName(text);
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return dateName(text);
    if (text.startsWith('[')) {
        try {
            const values: unknown = JSON.parse(text);
            if (Array.isArray(values)) return values.map(String).join(', ');
        } catch {
            return text;
        }
    }
    return text;
}
