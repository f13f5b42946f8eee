import { decimal } from './decimals';

/**
 * Adds up numbers without losing a digit. Most are short, and are added as whole numbers of their smallest place; what a
 * double can't hold goes on as a BigInt.
 */
export class DecimalSum {
    private small = 0;
    private large = 0n;
    private places = 0;
    private exact = true;

    add(value: unknown): void {
        if (value === null || value === undefined || value === '') return;
        const text = typeof value === 'number' || typeof value === 'string' ? String(value) : 'no number';
        if (text.length <= 15 && short.test(text) && this.addShort(text)) return;
        const found = decimal(text);
        if (!found) {
            this.exact = false;
            return;
        }
        this.moveTo(found.fraction.length);
        const digits = BigInt(found.whole + found.fraction) * 10n ** BigInt(this.places - found.fraction.length);
        this.large += found.negative ? -digits : digits;
    }

    /** Whole numbers below 10^15 each, and their sum below 2^53: a double holds them. */
    private addShort(text: string): boolean {
        const point = text.indexOf('.');
        const places = point < 0 ? 0 : text.length - point - 1;
        if (places > this.places) this.moveTo(places);
        const more = this.places - places;
        if (text.length + more > 15) return false;
        this.small += Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1)) * 10 ** more;
        if (Math.abs(this.small) > 2 ** 52) this.carry();
        return true;
    }

    /** All that was added to another one. */
    addAll(other: DecimalSum): void {
        this.exact &&= other.exact;
        this.moveTo(other.places);
        this.large += (other.large + BigInt(other.small)) * 10n ** BigInt(this.places - other.places);
    }

    /** With as many places as the summand that had most; nothing where something was added that is no number. */
    get text(): string | undefined {
        if (!this.exact) return undefined;
        const sum = this.large + BigInt(this.small);
        const digits = (sum < 0n ? -sum : sum).toString().padStart(this.places + 1, '0');
        const whole = digits.slice(0, digits.length - this.places);
        return (sum < 0n ? '-' : '') + whole + (this.places > 0 ? `.${digits.slice(digits.length - this.places)}` : '');
    }

    private moveTo(places: number): void {
        if (places <= this.places) return;
        this.carry();
        this.large *= 10n ** BigInt(places - this.places);
        this.places = places;
    }

    private carry(): void {
        this.large += BigInt(this.small);
        this.small = 0;
    }
}

const short = /^-?\d+(\.\d+)?$/;
