import { useEffect } from 'react';
import { listChannels } from '../api/operations';
import type { Channel, Deliver, Pipeline } from '../api/types';
import { useLoad } from '../live/useLoad';
import { looksLikeAddress, splitAddresses, unique } from '../logic/addresses';
import { Chips } from '../parts/Chips';
import { ErrorNotice } from '../parts/ErrorNotice';
import { describedBy, Field, FieldFault } from '../parts/Field';
import { Lines } from '../parts/Skeleton';
import { useMe } from '../shell/me';
import type { FormState } from './formState';
import { detailFields, WayDetails } from './WayDetails';

type Properties = {
    pipeline: Pipeline;
    form: FormState;
    change: (update: (form: FormState) => FormState) => void;
    faultOf: (field: string) => string | undefined;
};

/** Where the report goes once it is made: as it is set up, nowhere, or ways of her choice. */
export function DeliveryFields({ pipeline, form, change, faultOf }: Properties) {
    const me = useMe();
    const channels = useLoad(`channels ${pipeline.namespace}`, () => listChannels(pipeline.namespace));
    const items = channels.value?.items ?? [];
    // A choice made before the channels were there gets the first way when they are.
    const lacksWay = form.delivery === 'chosen' && form.deliver.length === 0 && items.length > 0;
    useEffect(() => {
        if (lacksWay) change((before) => ({ ...before, deliver: first(items, me.email) }));
        // The channels are the same until they are loaded again.
    }, [lacksWay]);
    const choose = (delivery: FormState['delivery']) =>
        change((before) => ({ ...before, delivery, deliver: delivery === 'chosen' && before.deliver.length === 0 ? first(items, me.email) : before.deliver }));
    const setDeliver = (update: (deliver: Deliver[]) => Deliver[]) => change((before) => ({ ...before, deliver: update(before.deliver) }));
    const fault = faultOf('deliver');
    return (
        <fieldset className="choices">
            <legend>Send it</legend>
            <label className="check">
                <input type="radio" name="delivery" checked={form.delivery === 'default'} onChange={() => choose('default')} />
                <span>
                    As this report is set up <span className="muted small">{defaultWay(pipeline, items, me.email)}</span>
                </span>
            </label>
            <label className="check">
                <input type="radio" name="delivery" checked={form.delivery === 'chosen'} disabled={channels.value !== undefined && items.length === 0} onChange={() => choose('chosen')} />
                <span>
                    To whom I choose {channels.value !== undefined && items.length === 0 && <span className="muted small">no channel is set up for {pipeline.namespace}</span>}
                </span>
            </label>
            <label className="check">
                <input type="radio" name="delivery" checked={form.delivery === 'none'} onChange={() => choose('none')} />
                <span>
                    To nobody <span className="muted small">it stays here, to be opened or sent later</span>
                </span>
            </label>
            {form.delivery === 'chosen' && (
                <div className="ways">
                    {channels.error !== undefined && <ErrorNotice error={channels.error} retry={channels.reload} />}
                    {!channels.value && channels.loading && <Lines count={2} />}
                    {form.deliver.map((deliver, index) => (
                        <Way
                            key={index}
                            index={index}
                            deliver={deliver}
                            channels={items}
                            change={(next) => setDeliver((before) => before.map((other, place) => (place === index ? next : other)))}
                            remove={form.deliver.length > 1 ? () => setDeliver((before) => before.filter((_, place) => place !== index)) : undefined}
                            faultOf={faultOf}
                        />
                    ))}
                    {items.length > 0 && (
                        <button type="button" className="plain" onClick={() => setDeliver((before) => [...before, ...first(items, undefined)])}>
                            + Another way
                        </button>
                    )}
                </div>
            )}
            <FieldFault id="deliver" error={form.deliver.some((_, index) => faultOf(`deliver[${index}]`) !== undefined) ? undefined : fault} />
        </fieldset>
    );
}

type WayProperties = {
    index: number;
    deliver: Deliver;
    channels: readonly Channel[];
    change: (deliver: Deliver) => void;
    remove: (() => void) | undefined;
    faultOf: (field: string) => string | undefined;
};

function Way({ index, deliver, channels, change, remove, faultOf }: WayProperties) {
    const channel = channels.find(({ name }) => name === deliver.channel);
    const id = `deliver-${index}`;
    const toFault = faultOf(`deliver[${index}].to`);
    const elsewhere = toFault !== undefined || detailFields.some((field) => faultOf(`deliver[${index}].${field}`) !== undefined);
    const channelFault = faultOf(`deliver[${index}].channel`) ?? (elsewhere ? undefined : faultOf(`deliver[${index}]`));
    const state = channel && channel.ready === 'False' ? `Not ready now: ${channel.message ?? 'whoever runs the cluster knows why'}` : undefined;
    return (
        <div className="way">
            <Field label="Channel" id={`${id}-channel`} error={channelFault} hint={state}>
                <select
                    id={`${id}-channel`}
                    value={deliver.channel}
                    aria-invalid={channelFault !== undefined || undefined}
                    aria-describedby={describedBy(`${id}-channel`, state, channelFault)}
                    onChange={(event) => {
                        const takes = channels.find(({ name }) => name === event.target.value)?.takesAddresses;
                        const { to, cc, ...rest } = deliver;
                        change({ ...rest, channel: event.target.value, ...(takes && to ? { to } : {}), ...(takes && cc ? { cc } : {}) });
                    }}
                >
                    {!channel && <option value={deliver.channel}>{deliver.channel}</option>}
                    {channels.map(({ name, type }) => (
                        <option key={name} value={name}>
                            {name === type.toLowerCase() ? type : `${name} (${type})`}
                        </option>
                    ))}
                </select>
            </Field>
            {(channel?.takesAddresses ?? deliver.to !== undefined) && (
                <Field label="To" id={`${id}-to`} error={toFault}>
                    <Chips
                        id={`${id}-to`}
                        values={deliver.to ?? []}
                        change={(to) => {
                            const { to: _, ...rest } = deliver;
                            change(to.length > 0 ? { ...rest, to: unique(to) } : rest);
                        }}
                        split={splitAddresses}
                        isGood={looksLikeAddress}
                        placeholder="whoever asked for it"
                        describedBy={describedBy(`${id}-to`, undefined, toFault)}
                        invalid={toFault !== undefined}
                        type="email"
                    />
                </Field>
            )}
            {remove && (
                <button type="button" className="plain" onClick={remove} aria-label={`Remove way ${index + 1}`}>
                    Remove
                </button>
            )}
            <WayDetails id={id} deliver={deliver} channel={channel} change={change} faultOf={(field) => faultOf(`deliver[${index}].${field}`)} />
        </div>
    );
}

function first(channels: readonly Channel[], email: string | undefined): Deliver[] {
    const channel = channels.find(({ type }) => type === 'Mail') ?? channels[0];
    if (!channel) return [];
    return [{ channel: channel.name, ...(channel.takesAddresses && email !== undefined ? { to: [email] } : {}) }];
}

function defaultWay(pipeline: Pipeline, channels: readonly Channel[], email: string | undefined): string {
    if (pipeline.deliver) {
        if (pipeline.deliver.length === 0) return 'it is not sent';
        return pipeline.deliver.map(({ channel, to }) => (to ? `${channel}: ${to.join(', ')}` : channel)).join('; ');
    }
    const mail = channels.find((channel) => channel.default && channel.type === 'Mail');
    if (mail && email !== undefined) return `a mail to ${email}`;
    return channels.some((channel) => channel.default) ? 'by the default channels' : 'it is not sent';
}
