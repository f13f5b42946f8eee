import { useState } from 'react';
import type { Channel, Deliver } from '../api/types';
import { looksLikeAddress, splitAddresses, unique } from '../logic/addresses';
import { hasWords } from '../logic/resend';
import { Chips } from '../parts/Chips';
import { describedBy, Field } from '../parts/Field';
import { More } from '../parts/More';
import { Condition, conditionsOf, onlyOf, RowConditions } from '../parts/RowConditions';

type Properties = {
    id: string;
    deliver: Deliver;
    channel: Channel | undefined;
    change: (deliver: Deliver) => void;
    faultOf: (field: string) => string | undefined;
};

export const detailFields = ['cc', 'subject', 'text', 'only', 'unless'];

/** What is seldom wanted otherwise than it is by itself: copies, words, and which rows. */
export function WayDetails({ id, deliver, channel, change, faultOf }: Properties) {
    const [conditions, setConditions] = useState<Condition[]>(() => conditionsOf(deliver.only));
    const worded = hasWords(channel);
    const isUsed = detailFields.some((field) => field in deliver || faultOf(field) !== undefined);
    const setText = (name: 'subject' | 'text', text: string) => {
        const { [name]: _, ...rest } = deliver;
        change(text === '' ? rest : { ...rest, [name]: text });
    };
    const described = (name: string) => describedBy(`${id}-${name}`, undefined, faultOf(name));
    const invalid = (name: string) => faultOf(name) !== undefined || undefined;
    return (
        <More wanted={isUsed}>
            {(channel?.takesAddresses ?? deliver.cc !== undefined) && (
                <Field label="Copy to" id={`${id}-cc`} error={faultOf('cc')}>
                    <Chips
                        id={`${id}-cc`}
                        values={deliver.cc ?? []}
                        change={(cc) => {
                            const { cc: _, ...rest } = deliver;
                            change(cc.length > 0 ? { ...rest, cc: unique(cc) } : rest);
                        }}
                        split={splitAddresses}
                        isGood={looksLikeAddress}
                        describedBy={described('cc')}
                        invalid={invalid('cc') ?? false}
                        type="email"
                    />
                </Field>
            )}
            {worded && (
                <Field label="Subject" id={`${id}-subject`} error={faultOf('subject')}>
                    <input id={`${id}-subject`} maxLength={200} autoComplete="off" placeholder="the report’s title" value={deliver.subject ?? ''} aria-invalid={invalid('subject')} aria-describedby={described('subject')} onChange={(event) => setText('subject', event.target.value)} />
                </Field>
            )}
            {worded && (
                <Field label="A line for the reader" id={`${id}-text`} error={faultOf('text')}>
                    <textarea id={`${id}-text`} rows={2} maxLength={4000} value={deliver.text ?? ''} aria-invalid={invalid('text')} aria-describedby={described('text')} onChange={(event) => setText('text', event.target.value)} />
                </Field>
            )}
            <RowConditions
                id={`${id}-only`}
                conditions={conditions}
                change={(next) => {
                    setConditions(next);
                    const only = onlyOf(next);
                    const { only: _, ...rest } = deliver;
                    change(Object.keys(only).length > 0 ? { ...rest, only } : rest);
                }}
                columns={undefined}
                error={faultOf('only')}
            />
            <label className="check">
                <input
                    type="checkbox"
                    checked={deliver.unless === 'Empty'}
                    onChange={(event) => {
                        const { unless: _, ...rest } = deliver;
                        change(event.target.checked ? { ...rest, unless: 'Empty' } : rest);
                    }}
                />
                Not when it has no rows
            </label>
        </More>
    );
}
