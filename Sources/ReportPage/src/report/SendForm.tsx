import { FormEvent, useRef, useState } from 'react';
import { createDelivery, listChannels } from '../api/operations';
import type { Delivery, Format, NewDelivery, Report, Request } from '../api/types';
import { useSubmission } from '../ask/useSubmission';
import { store } from '../live/store';
import { useLoad } from '../live/useLoad';
import { looksLikeAddress, splitAddresses, unique } from '../logic/addresses';
import { missing } from '../logic/recipients';
import { Chips } from '../parts/Chips';
import { ErrorNotice } from '../parts/ErrorNotice';
import { describedBy, Field } from '../parts/Field';
import { FormatChoice } from '../parts/FormatChoice';
import { Lines } from '../parts/Skeleton';
import { useMe } from '../shell/me';
import { tell } from '../shell/notices';

type Properties = { close: () => void; report: Report; request: Request; deliveries: readonly Delivery[] };

/** Sends what is there: nothing runs again. */
export function SendForm({ close, report, request, deliveries }: Properties) {
    const me = useMe();
    const channels = useLoad(`channels ${request.namespace}`, () => listChannels(request.namespace));
    const items = channels.value?.items ?? [];
    const last = deliveries[0];
    const [channel, setChannel] = useState<string>();
    const chosen = channel ?? items.find(({ name }) => name === last?.channel)?.name ?? items.find(({ type }) => type === 'Mail')?.name ?? items[0]?.name ?? '';
    const known = items.find(({ name }) => name === chosen);
    const before = deliveries.filter((delivery) => delivery.channel === chosen);
    const lacking = missing(before);
    const [whom, setWhom] = useState<'missing' | 'others'>();
    const onlyMissing = (whom ?? (lacking.length > 0 ? 'missing' : 'others')) === 'missing' && lacking.length > 0;
    const [to, setTo] = useState<string[]>(() => (me.email === undefined ? [] : [me.email]));
    const [formats, setFormats] = useState<Format[]>(() => firstFormats(report, request));
    const [text, setText] = useState('');
    const form = useRef<HTMLFormElement>(null);
    const submission = useSubmission(form);

    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const body: NewDelivery = {
            report: request.id,
            channel: chosen,
            formats,
            ...(known?.takesAddresses && !onlyMissing ? { to } : {}),
            ...(onlyMissing ? { onlyMissing: true } : {}),
            ...(text.trim() === '' ? {} : { text: text.trim() }),
        };
        const faults: Record<string, string> = {};
        if (known?.takesAddresses && !onlyMissing && to.length === 0) faults['to'] = 'At least one address.';
        const delivery = await submission.submit(body, faults, (key) => createDelivery(body, key));
        if (!delivery) return;
        store.apply({ type: 'delivery', data: JSON.stringify(delivery) });
        tell({ id: `sent ${delivery.name}`, title: 'It is being sent', text: 'What becomes of it is shown with its deliveries.', tone: 'ok' });
        close();
    };
    const toFault = submission.faultOf('to');
    const channelFault = submission.faultOf('channel');
    if (channels.error !== undefined) return <ErrorNotice error={channels.error} retry={channels.reload} />;
    if (!channels.value) return <Lines count={4} />;
    if (items.length === 0) return <p>No channel is set up for the namespace {request.namespace}. Whoever runs the cluster can set one up.</p>;
    return (
        <form ref={form} onSubmit={(event) => void submit(event)} noValidate className="stack">
            <Field label="Channel" id="send-channel" error={channelFault} hint={known?.ready === 'False' ? `Not ready now: ${known.message ?? ''}` : undefined}>
                <select id="send-channel" value={chosen} aria-invalid={channelFault !== undefined || undefined} aria-describedby={describedBy('send-channel', known?.ready === 'False' ? '' : undefined, channelFault)} onChange={(event) => setChannel(event.target.value)}>
                    {items.map(({ name, type }) => (
                        <option key={name} value={name}>
                            {name === type.toLowerCase() ? type : `${name} (${type})`}
                        </option>
                    ))}
                </select>
            </Field>
            {lacking.length > 0 && (
                <fieldset className="choices">
                    <legend>To</legend>
                    <label className="check">
                        <input type="radio" name="whom" checked={onlyMissing} onChange={() => setWhom('missing')} />
                        <span>
                            Only who hasn’t had it <span className="muted small">{lacking.join(', ')}</span>
                        </span>
                    </label>
                    <label className="check">
                        <input type="radio" name="whom" checked={!onlyMissing} onChange={() => setWhom('others')} />
                        {known?.takesAddresses ? 'These addresses' : 'Once more'}
                    </label>
                </fieldset>
            )}
            {known?.takesAddresses && !onlyMissing && (
                <Field label={lacking.length > 0 ? 'Addresses' : 'To'} id="send-to" error={toFault}>
                    <Chips id="send-to" values={to} change={(values) => setTo(unique(values))} split={splitAddresses} isGood={looksLikeAddress} describedBy={describedBy('send-to', undefined, toFault)} invalid={toFault !== undefined} type="email" />
                </Field>
            )}
            <FormatChoice id="send-formats" legend="Files" chosen={formats} change={setFormats} offered={report.formats} error={submission.faultOf('formats')} />
            {(known?.type === 'Mail' || known?.type === 'Teams') && (
                <Field label="A line for the reader" id="send-text" error={submission.faultOf('text')}>
                    <textarea id="send-text" rows={2} maxLength={4000} value={text} onChange={(event) => setText(event.target.value)} />
                </Field>
            )}
            {submission.error !== undefined && <ErrorNotice error={submission.error} />}
            <div className="actions">
                <button type="submit" className="primary" disabled={submission.busy}>
                    {submission.busy ? 'One moment …' : 'Send'}
                </button>
                <button type="button" onClick={close}>
                    Don’t send
                </button>
            </div>
        </form>
    );
}

function firstFormats(report: Report, request: Request): Format[] {
    const asked = report.formats.filter((format) => request.formats?.includes(format));
    return asked.length > 0 ? asked : report.formats.slice(0, 1);
}
