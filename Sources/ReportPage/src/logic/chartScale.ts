/** Round marks of an axis that cover all values, zero among them for bars. */
export function ticks(values: readonly number[], fromZero: boolean, count = 5): number[] {
    let least = Math.min(...values);
    let most = Math.max(...values);
    if (!Number.isFinite(least) || !Number.isFinite(most)) return [0, 1];
    if (fromZero) {
        least = Math.min(0, least);
        most = Math.max(0, most);
    }
    if (least === most) most = least === 0 ? 1 : least + Math.abs(least);
    if (most < least) [least, most] = [most, least];
    const step = roundStep((most - least) / count);
    const first = Math.floor(least / step) * step;
    const marks: number[] = [];
    // Counted, not added up: sums of 0.1 drift.
    for (let index = 0; marks.length === 0 || (marks[marks.length - 1] as number) < most; index += 1) {
        marks.push(Number((first + index * step).toPrecision(12)));
    }
    return marks;
}

function roundStep(rough: number): number {
    const power = 10 ** Math.floor(Math.log10(rough));
    const part = rough / power;
    return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
}

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

export function tickLabel(value: number): string {
    return short.format(value).replace('-', '\u2212');
}

/** Every n-th label, so that none lies over the next. */
export function labelStep(count: number, room: number, widest: number): number {
    return Math.max(1, Math.ceil((count * widest) / Math.max(1, room)));
}
