import type { Delivery } from '../api/types';

/** To whom none of these deliveries has got, and none is on its way. */
export function missing(deliveries: readonly Delivery[]): string[] {
    const lacking = new Map<string, string>();
    const had = new Set<string>();
    for (const delivery of deliveries) {
        for (const recipient of delivery.recipients) {
            const key = recipient.to.toLowerCase();
            if (recipient.phase === 'Failed' || recipient.phase === 'Cancelled' || recipient.phase === 'Unknown') lacking.set(key, recipient.to);
            else had.add(key);
        }
    }
    return [...lacking].filter(([key]) => !had.has(key)).map(([, to]) => to);
}
