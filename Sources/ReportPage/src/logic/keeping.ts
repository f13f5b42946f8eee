/** How long a request is kept in the cluster after its end. The report itself stays on record for ever. */
export type Keeping = { unit: 'ever' | 'days' | 'hours' | 'minutes'; count: string };

const unitSeconds = { days: 86_400, hours: 3_600, minutes: 60 };

/** In the largest unit that says it exactly; seconds that none does are rounded up to minutes. */
export function keepingOf(seconds: number | undefined): Keeping {
    if (seconds === undefined) return { unit: 'ever', count: '' };
    for (const unit of ['days', 'hours'] as const) {
        if (seconds > 0 && seconds % unitSeconds[unit] === 0) return { unit, count: String(seconds / unitSeconds[unit]) };
    }
    return { unit: 'minutes', count: String(Math.ceil(seconds / 60)) };
}

/** Seconds; null for ever; nothing where it is no whole number that the API takes. */
export function secondsOf({ unit, count }: Keeping): number | null | undefined {
    if (unit === 'ever') return null;
    if (!/^\d{1,9}$/.test(count.trim())) return undefined;
    const seconds = Number(count) * unitSeconds[unit];
    return seconds <= 2_147_483_647 ? seconds : undefined;
}
