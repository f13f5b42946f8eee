import { useState } from 'react';
import type { Delivery, Report, Request } from '../api/types';
import { Moment } from '../parts/Moment';
import { PhaseBadge } from '../parts/PhaseBadge';
import { SendDialog } from './SendDialog';

/** Where it went, and to whom it didn't get. */
export function Deliveries({ report, request, deliveries }: { report: Report; request: Request; deliveries: readonly Delivery[] }) {
    const [sending, setSending] = useState(false);
    const { send } = report.may;
    return (
        <section className="panel at-deliveries" aria-labelledby="section-deliveries">
            <h2 id="section-deliveries">Deliveries</h2>
            {report.deliveryNotice !== undefined && <p className="notice calm">Not all may be shown here: {report.deliveryNotice}.</p>}
            {deliveries.length === 0 && report.deliveryNotice === undefined && <p className="muted">It hasn’t been sent to anybody.</p>}
            <ul className="deliveries">
                {deliveries.map((delivery) => (
                    <li key={`${delivery.namespace}/${delivery.name}`}>
                        <p>
                            <span className="strong">{delivery.channel}</span> {delivery.phase !== undefined && <PhaseBadge phase={delivery.phase} />}
                            {delivery.createdAt !== undefined && (
                                <span className="muted small block">
                                    <Moment at={delivery.createdAt} />
                                    {delivery.formats && delivery.formats.length > 0 && ` · ${delivery.formats.join(', ')}`}
                                </span>
                            )}
                        </p>
                        {delivery.message !== undefined && delivery.phase !== 'Delivered' && <p className="small">{delivery.message}</p>}
                        <ul className="recipients">
                            {delivery.recipients.map((recipient) => (
                                <li key={recipient.to}>
                                    <span className="address">{recipient.to}</span> <PhaseBadge phase={recipient.phase} />
                                    {recipient.detail !== undefined && recipient.phase !== 'Sent' && <span className="muted small block">{recipient.detail}</span>}
                                    {recipient.possiblyTwice && <span className="muted small block">The connection broke at the end: it may have come twice.</span>}
                                </li>
                            ))}
                        </ul>
                    </li>
                ))}
            </ul>
            {report.formats.length > 0 && (
                <button type="button" className="no-print" disabled={!send} title={send ? undefined : `You may not send reports of ${request.namespace}. Whoever runs the cluster can grant it.`} onClick={() => setSending(true)}>
                    {deliveries.length === 0 ? 'Send it' : 'Send again'}
                </button>
            )}
            <SendDialog open={sending} close={() => setSending(false)} report={report} request={request} deliveries={deliveries} />
        </section>
    );
}
