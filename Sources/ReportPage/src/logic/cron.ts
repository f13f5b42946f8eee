/** How often a schedule makes its report, as the form asks for it; whatever cron says beyond that stays an expression. */
export type Frequency =
    | { every: 'hour'; minute: number }
    | { every: 'day'; time: string }
    | { every: 'weekday'; time: string }
    | { every: 'week'; days: number[]; time: string }
    | { every: 'month'; day: number; time: string }
    | { every: 'custom'; expression: string };

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function expression(frequency: Frequency): string {
    switch (frequency.every) {
        case 'hour':
            return `${frequency.minute} * * * *`;
        case 'day':
            return `${minuteAndHour(frequency.time)} * * *`;
        case 'weekday':
            return `${minuteAndHour(frequency.time)} * * 1-5`;
        case 'week':
            return `${minuteAndHour(frequency.time)} * * ${[...new Set(frequency.days)].sort((a, b) => a - b).join(',') || '1'}`;
        case 'month':
            return `${minuteAndHour(frequency.time)} ${frequency.day} * *`;
        case 'custom':
            return frequency.expression.trim();
    }
}

function minuteAndHour(time: string): string {
    const [hour, minute] = time.split(':').map(Number);
    return `${minute || 0} ${hour || 0}`;
}

const shorthands: Record<string, string> = {
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@weekly': '0 0 * * 0',
    '@monthly': '0 0 1 * *',
};

/** The form's reading of an expression: the same times, or `custom`. */
export function frequencyOf(text: string): Frequency {
    const custom: Frequency = { every: 'custom', expression: text };
    const fields = (shorthands[text.trim().toLowerCase()] ?? text.trim()).split(/\s+/);
    const [minute, hour, day, month, weekday] = fields;
    if (fields.length !== 5 || minute === undefined || day === undefined || month !== '*') return custom;
    if (!isNumber(minute, 0, 59)) return custom;
    if (hour === '*') return day === '*' && weekday === '*' ? { every: 'hour', minute: Number(minute) } : custom;
    if (hour === undefined || weekday === undefined || !isNumber(hour, 0, 23)) return custom;
    const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    if (weekday === '*') {
        if (day === '*') return { every: 'day', time };
        return isNumber(day, 1, 31) ? { every: 'month', day: Number(day), time } : custom;
    }
    // Days of the month and of the week at once mean either of them.
    if (day !== '*') return custom;
    const days = daysOf(weekday);
    if (!days) return custom;
    return days.join() === '1,2,3,4,5' ? { every: 'weekday', time } : { every: 'week', days, time };
}

function isNumber(text: string, least: number, most: number): boolean {
    return /^\d{1,2}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function daysOf(field: string): number[] | undefined {
    const days = new Set<number>();
    for (const part of field.toLowerCase().split(',')) {
        const ends = part.split('-').map(dayNumber);
        const first = ends[0];
        const last = ends.length === 1 ? first : ends[1];
        if (ends.length > 2 || first === undefined || last === undefined || first > last) return undefined;
        for (let day = first; day <= last; day += 1) days.add(day % 7);
    }
    return [...days].sort((a, b) => a - b);
}

function dayNumber(text: string): number | undefined {
    const byName = weekdays.findIndex((name) => name.slice(0, 3).toLowerCase() === text);
    if (byName >= 0) return byName;
    return /^[0-7]$/.test(text) ? Number(text) : undefined;
}

/** A name for a schedule that nobody has to think of, as Kubernetes takes it. */
export function scheduleName(pipeline: string, frequency: Frequency): string {
    const ending = { hour: 'hourly', day: 'daily', weekday: 'weekdays', week: 'weekly', month: 'monthly', custom: 'scheduled' }[frequency.every];
    return `${pipeline.slice(0, 52 - ending.length - 1).replace(/[-.]+$/, '')}-${ending}`;
}
