/** Moments as people read them, in the browser's time zone unless another is given. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs much more than using it. */
function format(options: Intl.DateTimeFormatOptions, timeZone?: string): Intl.DateTimeFormat {
    const key = JSON.stringify([options, timeZone]);
    let made = formats.get(key);
    if (!made) {
        made = new Intl.DateTimeFormat('en-GB', timeZone === undefined ? options : { ...options, timeZone });
        formats.set(key, made);
    }
    return made;
}

const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };

export function clockTime(moment: number | string, timeZone?: string): string {
    return format(clock, timeZone).format(new Date(moment));
}

export function dayOf(moment: number | string, timeZone?: string): string {
    return format(day, timeZone).format(new Date(moment));
}

export function exact(moment: number | string, timeZone?: string): string {
    return format({ ...day, ...clock, weekday: 'short', second: '2-digit', timeZoneName: 'short' }, timeZone).format(new Date(moment));
}

/** `14:20` today, `yesterday 14:20`, `tomorrow 06:00`, else with the day. */
export function nearTime(moment: number | string, now: number): string {
    const at = new Date(moment).getTime();
    const distance = daysBetween(now, at);
    const time = clockTime(at);
    if (distance === 0) return time;
    if (distance === -1) return `yesterday ${time}`;
    if (distance === 1) return `tomorrow ${time}`;
    return `${dayOf(at)}, ${time}`;
}

/** Calendar days from one moment to another, where the browser is. */
export function daysBetween(from: number, to: number): number {
    const start = (moment: number) => {
        const date = new Date(moment);
        return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
    };
    return Math.round((start(to) - start(from)) / 86_400_000);
}

/**
 * An expectation, as coarse as it is far: a median of past runs knows nothing of seconds. In the past there is nothing
 * left to expect.
 */
export function about(moment: string, now: number): string | undefined {
    const at = Date.parse(moment);
    const minutes = (at - now) / 60_000;
    if (minutes < 0) return undefined;
    if (minutes < 1) return 'in less than a minute';
    const step = (minutes > 90 ? 10 : minutes > 15 ? 5 : 1) * 60_000;
    return `about ${nearTime(Math.round(at / step) * step, now)}`;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `2026-10` as `October 2026`; whatever is no month stays as it is. */
export function monthName(text: string): string {
    const match = /^(\d{4})-(\d{2})$/.exec(text);
    const name = match ? months[Number(match[2]) - 1] : undefined;
    return match && name ? `${name} ${match[1]}` : text;
}

/** The month that lies `offset` months from the one of `now`, as `2026-10`. */
export function monthAt(now: number, offset: number): string {
    const date = new Date(now);
    const count = date.getFullYear() * 12 + date.getMonth() + offset;
    return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** `2026-10-31` as `31 Oct 2026`: a day is the same day in every zone. */
export function dateName(text: string): string {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? dayOf(`${text}T00:00:00Z`, 'UTC') : text;
}
