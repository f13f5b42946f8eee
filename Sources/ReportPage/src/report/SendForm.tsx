import { FormEvent, useRef, useState } from 'react';
import { createDelivery, listChannels } from '../api/operations';
import type { Delivery, Format, Report, Request } from '../api/types';
import { useSubmission } from '../ask/useSubmission';
import { store } from '../live/store';
import { useLoad } from '../live/useLoad';
import { looksLikeAddress, splitAddresses, unique } from '../logic/addresses';
import { missing, uncertain } from '../logic/recipients';
import { deliveryBody, hasWords, repeated } from '../logic/resend';
import { Chips } from '../parts/Chips';
import { ErrorNotice } from '../parts/ErrorNotice';
import { describedBy, Field } from '../parts/Field';
import { FormatChoice } from '../parts/FormatChoice';
import { More } from '../parts/More';
import { Condition, conditionsOf, onlyOf, RowConditions } from '../parts/RowConditions';
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
    const base = repeated(before);
    const lacking = missing(before);
    const unsure = uncertain(before);
    const [whom, setWhom] = useState<'missing' | 'others'>();
    const onlyMissing = (whom ?? (lacking.length > 0 ? 'missing' : 'others')) === 'missing' && lacking.length > 0;
    const [to, setTo] = useState<string[]>(() => (me.email === undefined ? [] : [me.email]));
    const [cc, setCc] = useState<string[]>([]);
    const [formats, setFormats] = useState<Format[]>(() => firstFormats(report, request));
    const [subject, setSubject] = useState('');
    const [text, setText] = useState('');
    const [conditions, setConditions] = useState<Condition[]>();
    const form = useRef<HTMLFormElement>(null);
    const submission = useSubmission(form);
    const addressed = known?.takesAddresses === true && !onlyMissing;

    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const only = conditions && onlyOf(conditions);
        const body = deliveryBody(request.id, { channel: chosen, onlyMissing, to, cc, formats, subject, text, only }, known);
        const faults: Record<string, string> = {};
        if (addressed && to.length === 0) faults['to'] = 'At least one address.';
        const delivery = await submission.submit(body, faults, (key) => createDelivery(body, key));
        if (!delivery) return;
        store.apply({ type: 'delivery', data: JSON.stringify(delivery) });
        tell({ id: `sent ${delivery.name}`, title: 'It is being sent', text: 'What becomes of it is shown with its deliveries.', tone: 'ok' });
        close();
    };
    const channelFault = submission.faultOf('channel');
    if (channels.error !== undefined) return <ErrorNotice error={channels.error} retry={channels.reload} />;
    if (!channels.value) return <Lines count={4} />;
    if (items.length === 0) return <p>No channel is set up for the namespace {request.namespace}. Whoever runs the cluster can set one up.</p>;
    const addresses = (name: 'to' | 'cc', label: string, values: string[], change: (values: string[]) => void) => (
        <Field label={label} id={`send-${name}`} error={submission.faultOf(name)}>
            <Chips id={`send-${name}`} values={values} change={(next) => change(unique(next))} split={splitAddresses} isGood={looksLikeAddress} describedBy={describedBy(`send-${name}`, undefined, submission.faultOf(name))} invalid={submission.faultOf(name) !== undefined} type="email" />
        </Field>
    );
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
            {unsure.length > 0 && <p className="muted small">Of {unsure.join(', ')} nobody knows: the connection broke at the end. Name them as addresses to send it once more.</p>}
            {addressed && addresses('to', lacking.length > 0 ? 'Addresses' : 'To', to, setTo)}
            <FormatChoice id="send-formats" legend="Files" chosen={formats} change={setFormats} offered={report.formats} error={submission.faultOf('formats')} />
            {hasWords(known) && (
                <Field label="A line for the reader" id="send-text" error={submission.faultOf('text')}>
                    <textarea id="send-text" rows={2} maxLength={4000} value={text} onChange={(event) => setText(event.target.value)} />
                </Field>
            )}
            <More wanted={['cc', 'subject', 'only'].some((field) => submission.faultOf(field) !== undefined)}>
                {addressed && addresses('cc', 'Copy to', cc, setCc)}
                {hasWords(known) && (
                    <Field label="Subject" id="send-subject" error={submission.faultOf('subject')}>
                        <input id="send-subject" maxLength={200} autoComplete="off" placeholder={base?.subject ?? 'the report’s title'} value={subject} aria-invalid={submission.faultOf('subject') !== undefined || undefined} aria-describedby={describedBy('send-subject', undefined, submission.faultOf('subject'))} onChange={(event) => setSubject(event.target.value)} />
                    </Field>
                )}
                <RowConditions id="send-only" conditions={conditions ?? conditionsOf(base?.only)} change={setConditions} columns={report.result?.columns} error={submission.faultOf('only')} />
            </More>
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
