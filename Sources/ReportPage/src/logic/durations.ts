/** A span of time as people say it: the two largest units, such as `1 h 5 min`. */
export function duration(milliseconds: number): string {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 10) return withRest(minutes, 'min', seconds % 60, 's');
    const allMinutes = Math.round(seconds / 60);
    if (allMinutes < 60) return `${allMinutes} min`;
    const hours = Math.floor(allMinutes / 60);
    if (hours < 24) return withRest(hours, 'h', allMinutes % 60, 'min');
    const allHours = Math.round(allMinutes / 60);
    return withRest(Math.floor(allHours / 24), 'd', allHours % 24, 'h');
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
    return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}

/** The time between two moments in RFC 3339, or to `now` where the second is missing. */
export function between(from: string | undefined, to: string | undefined, now: number): number | undefined {
    if (from === undefined) return undefined;
    return (to === undefined ? now : Date.parse(to)) - Date.parse(from);
}

/** How long ago a moment is, in one unit. */
export function ago(moment: string, now: number): string {
    const seconds = Math.round((now - Date.parse(moment)) / 1000);
    if (seconds < 0) return 'in a moment';
    if (seconds < 45) return 'just now';
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${minutes} min ago`;
    const hours = Math.round(minutes / 60);
    if (hours < 36) return `${hours} h ago`;
    const days = Math.round(hours / 24);
    return days < 60 ? `${days} days ago` : `${Math.round(days / 30.44)} months ago`;
}
