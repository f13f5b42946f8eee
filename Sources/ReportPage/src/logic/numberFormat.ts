import { Decimal, decimal, grouped, rounded, shifted } from './decimals';

/**
 * The codes of Excel that layouts use: `#,##0.00`, `0.0 %`, sections for negatives and zero, texts in quotes, `[Red]`.
 * Whatever else is in a code is shown as it stands there, so nothing that matters gets lost.
 */
type Section = { before: string; after: string; places: number; group: boolean; percent: boolean; least: number; red: boolean; digits: boolean };

export type Shown = { text: string; red: boolean };

const codes = new Map<string, Section[]>();

export function formatNumber(text: string, code: string): Shown | undefined {
    const value = decimal(text);
    if (!value) return undefined;
    let sections = codes.get(code);
    if (!sections) {
        sections = splitSections(code).map(section);
        codes.set(code, sections);
    }
    const [positive, negative, zero] = sections;
    if (!positive) return undefined;
    const isZero = /^0*$/.test(value.whole + value.fraction);
    if (isZero && zero) return shown({ ...value, negative: false }, zero, false);
    if (value.negative && negative) return shown({ ...value, negative: false }, negative, false);
    return shown(value, positive, value.negative);
}

function shown(value: Decimal, section: Section, negative: boolean): Shown {
    if (!section.digits) return { text: section.before.trim(), red: section.red };
    const result = rounded(section.percent ? shifted(value, 2) : value, section.places);
    const whole = result.whole.padStart(section.least, '0');
    const number = (section.group ? grouped(whole, ',') : whole) + (section.places > 0 ? `.${result.fraction}` : '');
    // What rounds to zero has no sign.
    const sign = negative && /[1-9]/.test(number) ? '\u2212' : '';
    return { text: (sign + section.before + number + section.after).trim(), red: section.red };
}

function splitSections(code: string): string[] {
    const parts: string[] = [''];
    let quoted = false;
    for (const character of code) {
        if (character === '"') quoted = !quoted;
        if (character === ';' && !quoted) parts.push('');
        else parts[parts.length - 1] += character;
    }
    return parts;
}

function section(code: string): Section {
    const result: Section = { before: '', after: '', places: 0, group: false, percent: false, least: 0, red: false, digits: false };
    let afterPoint = false;
    const add = (text: string) => {
        if (result.digits) result.after += text;
        else result.before += text;
    };
    for (const token of code.match(/"[^"]*"?|\[[^\]]*\]?|\\.|_.|\*.|[\s\S]/g) ?? []) {
        if (token === '#' || token === '0' || token === '?') {
            result.digits = true;
            if (afterPoint) result.places += 1;
            else if (token === '0') result.least += 1;
        } else if (token === '.' && result.digits) afterPoint = true;
        else if (token === ',' && result.digits) result.group = true;
        else if (token === '%') {
            result.percent = true;
            add('%');
        } else if (token.startsWith('"')) add(token.slice(1).replace(/"$/, ''));
        else if (token.startsWith('[')) result.red ||= token.toLowerCase() === '[red]';
        else if (token.startsWith('\\')) add(token.slice(1));
        else if (!token.startsWith('_') && !token.startsWith('*')) add(token);
    }
    return result;
}
