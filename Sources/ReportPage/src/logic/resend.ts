import type { Channel, Delivery, Format, NewDelivery } from '../api/types';

/** What the form of sending holds. */
export type SendWish = {
    channel: string;
    onlyMissing: boolean;
    to: string[];
    cc: string[];
    formats: Format[];
    subject: string;
    text: string;
    /** Nobody has touched it: it is as it was the last time. */
    only: Record<string, string> | undefined;
};

/** What is asked of the API: only what the channel takes, and only what was chosen. */
export function deliveryBody(report: string, wish: SendWish, channel: Channel | undefined): NewDelivery {
    const addressed = channel?.takesAddresses === true && !wish.onlyMissing;
    const worded = hasWords(channel);
    return {
        report,
        channel: wish.channel,
        formats: wish.formats,
        ...(addressed ? { to: wish.to } : {}),
        ...(addressed && wish.cc.length > 0 ? { cc: wish.cc } : {}),
        ...(wish.onlyMissing ? { onlyMissing: true } : {}),
        ...(worded && wish.subject.trim() !== '' ? { subject: wish.subject.trim() } : {}),
        ...(worded && wish.text.trim() !== '' ? { text: wish.text.trim() } : {}),
        ...(wish.only === undefined ? {} : { only: wish.only }),
    };
}

/** Whether somebody reads what comes through it. */
export const hasWords = (channel: Channel | undefined): boolean => channel?.type === 'Mail' || channel?.type === 'Teams';

/** The delivery that is repeated, as the API has it: the first one through a channel says who gets which rows. */
export function repeated(through: readonly Delivery[]): Delivery | undefined {
    return [...through].sort((a, b) => Date.parse(a.createdAt ?? '') - Date.parse(b.createdAt ?? ''))[0];
}
