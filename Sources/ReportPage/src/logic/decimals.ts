/** Decimals as texts with every digit, such as money: a double would round them. */

const pattern = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

export type Decimal = { negative: boolean; whole: string; fraction: string };

/** Nothing where the text is no decimal. */
export function decimal(text: string): Decimal | undefined {
    const match = pattern.exec(text.trim());
    if (!match) return undefined;
    let whole = match[2] ?? '';
    let fraction = match[3] ?? '';
    const exponent = Number(match[4] ?? 0);
    if (exponent > 0) {
        const moved = fraction.padEnd(exponent, '0');
        whole += moved.slice(0, exponent);
        fraction = moved.slice(exponent);
    } else if (exponent < 0) {
        const moved = whole.padStart(1 - exponent, '0');
        fraction = moved.slice(moved.length + exponent) + fraction;
        whole = moved.slice(0, moved.length + exponent);
    }
    whole = whole.replace(/^0+(?=\d)/, '');
    const zero = /^0*$/.test(whole + fraction);
    return { negative: match[1] === '-' && !zero, whole, fraction };
}

/** Exact, whatever the number of digits: less than, equal to or greater than 0. */
export function compareDecimals(left: Decimal, right: Decimal): number {
    if (left.negative !== right.negative) return left.negative ? -1 : 1;
    const sign = left.negative ? -1 : 1;
    if (left.whole.length !== right.whole.length) return sign * (left.whole.length - right.whole.length);
    if (left.whole !== right.whole) return left.whole < right.whole ? -sign : sign;
    const places = Math.max(left.fraction.length, right.fraction.length);
    const a = left.fraction.padEnd(places, '0');
    const b = right.fraction.padEnd(places, '0');
    return a === b ? 0 : a < b ? -sign : sign;
}

/** With that many places; halves go away from zero, as in Excel. */
export function rounded(value: Decimal, places: number): Decimal {
    if (value.fraction.length <= places) return { ...value, fraction: value.fraction.padEnd(places, '0') };
    let digits = BigInt(value.whole + value.fraction.slice(0, places));
    if (value.fraction.charCodeAt(places) >= 53) digits += 1n;
    const text = digits.toString().padStart(places + 1, '0');
    const whole = text.slice(0, text.length - places);
    return { negative: value.negative && digits !== 0n, whole, fraction: text.slice(text.length - places) };
}

/** A power of ten times the value: 2 for per cent. */
export function shifted(value: Decimal, places: number): Decimal {
    const fraction = value.fraction.padEnd(places, '0');
    const whole = (value.whole + fraction.slice(0, places)).replace(/^0+(?=\d)/, '');
    return { negative: value.negative, whole, fraction: fraction.slice(places) };
}

export function grouped(whole: string, separator: string): string {
    return whole.replace(/\B(?=(\d{3})+$)/g, separator);
}
