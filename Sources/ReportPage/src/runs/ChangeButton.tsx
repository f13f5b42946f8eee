import { FormEvent, useRef, useState } from 'react';
import { patchRequest } from '../api/operations';
import type { Request, RequestPatch } from '../api/types';
import { useSubmission } from '../ask/useSubmission';
import { store, useLive } from '../live/store';
import { Keeping, keepingOf, secondsOf } from '../logic/keeping';
import { Dialog } from '../parts/Dialog';
import { ErrorNotice } from '../parts/ErrorNotice';
import { describedBy, Field } from '../parts/Field';

/** What can be changed of a request that waits: when its turn is, and how long it is kept afterwards. */
export function ChangeButton({ request, disabled, reason }: { request: Request; disabled: boolean; reason: string | undefined }) {
    const [open, setOpen] = useState(false);
    return (
        <>
            <button type="button" disabled={disabled} title={reason} onClick={() => setOpen(true)}>
                Change
            </button>
            <Dialog open={open} close={() => setOpen(false)} title="Change the request">
                <ChangeForm request={request} close={() => setOpen(false)} />
            </Dialog>
        </>
    );
}

function ChangeForm({ request, close }: { request: Request; close: () => void }) {
    const [priority, setPriority] = useState(String(request.priority));
    const [keeping, setKeeping] = useState(() => keepingOf(request.ttlSecondsAfterFinished));
    const form = useRef<HTMLFormElement>(null);
    const submission = useSubmission(form);
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const body: RequestPatch = {};
        const faults: Record<string, string> = {};
        const number = Number(priority);
        if (!/^-?\d+$/.test(priority.trim()) || Math.abs(number) > 1000) faults['priority'] = 'A whole number from -1000 to 1000.';
        else if (number !== request.priority) body.priority = number;
        const seconds = secondsOf(keeping);
        if (seconds === undefined) faults['ttlSecondsAfterFinished'] = 'A whole number, such as 7; at most 68 years.';
        else if (JSON.stringify(keeping) !== JSON.stringify(keepingOf(request.ttlSecondsAfterFinished))) body.ttlSecondsAfterFinished = seconds;
        if (Object.keys(faults).length === 0 && Object.keys(body).length === 0) {
            close();
            return;
        }
        const changed = await submission.submit(body, faults, () => patchRequest(request, body));
        if (!changed) return;
        store.takeRequests([changed]);
        close();
    };
    return (
        <form ref={form} onSubmit={(event) => void submit(event)} noValidate className="stack">
            <PriorityField request={request} text={priority} change={setPriority} fault={submission.faultOf('priority')} />
            <KeepingField keeping={keeping} change={setKeeping} fault={submission.faultOf('ttlSecondsAfterFinished')} />
            {submission.error !== undefined && <ErrorNotice error={submission.error} />}
            <div className="actions">
                <button type="submit" className="primary" disabled={submission.busy}>
                    Change it
                </button>
                <button type="button" onClick={close}>
                    Leave it
                </button>
            </div>
        </form>
    );
}

/** Who waits starts in order of priority, then of time. */
function PriorityField({ request, text, change, fault }: { request: Request; text: string; change: (text: string) => void; fault: string | undefined }) {
    const { requests } = useLive();
    const others = [...requests.values()].filter((other) => other.phase === 'Queued' && other.pipeline === request.pipeline && other.namespace === request.namespace && other.id !== request.id);
    const highest = Math.max(0, ...others.map((other) => other.priority));
    const lowest = Math.min(0, ...others.map((other) => other.priority));
    const hint = 'Reports of one queue start in order of priority, the highest first, then the oldest. What runs already isn’t disturbed.';
    return (
        <div>
            <Field label="Priority" id="priority" hint={hint} error={fault}>
                <input id="priority" className="short number" inputMode="numeric" value={text} aria-invalid={fault !== undefined || undefined} aria-describedby={describedBy('priority', hint, fault)} onChange={(event) => change(event.target.value)} />
            </Field>
            <div className="checks tight">
                <button type="button" onClick={() => change(String(Math.min(1000, others.length > 0 ? highest + 1 : highest)))}>
                    Next
                </button>
                <button type="button" onClick={() => change('0')}>
                    Ordinary
                </button>
                <button type="button" onClick={() => change(String(Math.max(-1000, lowest - 1)))}>
                    Last
                </button>
            </div>
        </div>
    );
}

function KeepingField({ keeping, change, fault }: { keeping: Keeping; change: (keeping: Keeping) => void; fault: string | undefined }) {
    const hint = 'After its end the request leaves the cluster. The report stays on record for ever.';
    return (
        <div className="beside">
            <Field label="Keep the request" id="keeping" hint={hint} error={keeping.unit === 'ever' ? fault : undefined}>
                <select
                    id="keeping"
                    value={keeping.unit}
                    aria-describedby={describedBy('keeping', hint, keeping.unit === 'ever' ? fault : undefined)}
                    onChange={(event) => {
                        const unit = event.target.value as Keeping['unit'];
                        change({ unit, count: unit === 'ever' ? '' : keeping.count || '7' });
                    }}
                >
                    <option value="ever">for ever</option>
                    <option value="days">for days</option>
                    <option value="hours">for hours</option>
                    <option value="minutes">for minutes</option>
                </select>
            </Field>
            {keeping.unit !== 'ever' && (
                <Field label={`How many ${keeping.unit}`} id="keeping-count" error={fault}>
                    <input id="keeping-count" className="short number" inputMode="numeric" value={keeping.count} aria-invalid={fault !== undefined || undefined} aria-describedby={describedBy('keeping-count', undefined, fault)} onChange={(event) => change({ ...keeping, count: event.target.value })} />
                </Field>
            )}
        </div>
    );
}
