import type { Delivery } from '../api/types';

type Standing = 'lacking' | 'unknown' | 'underway' | 'sent';

/** What outweighs what over all deliveries: what has been sent stays so. */
const rank: Record<Standing, number> = { lacking: 0, unknown: 1, underway: 2, sent: 3 };

/** To whom none of these deliveries has got, and none is on its way: whom the API sends it to with `onlyMissing`. */
export const missing = (deliveries: readonly Delivery[]): string[] => those(deliveries, 'lacking');

/** Of whom nobody knows whether they have it: the connection broke when it mattered. */
export const uncertain = (deliveries: readonly Delivery[]): string[] => those(deliveries, 'unknown');

function those(deliveries: readonly Delivery[], wanted: Standing): string[] {
    const known = new Map<string, { to: string; standing: Standing }>();
    for (const delivery of deliveries) {
        const over = delivery.phase === 'Delivered' || delivery.phase === 'PartlyDelivered' || delivery.phase === 'Failed';
        for (const { to, phase } of delivery.recipients) {
            const standing: Standing =
                phase === 'Sent' ? 'sent' : phase === 'Unknown' ? 'unknown' : (phase === 'Pending' || phase === 'Sending') && !over ? 'underway' : 'lacking';
            const key = to.toLowerCase();
            const before = known.get(key);
            if (!before || rank[standing] > rank[before.standing]) known.set(key, { to: before?.to ?? to, standing });
        }
    }
    return [...known.values()].filter(({ standing }) => standing === wanted).map(({ to }) => to);
}
