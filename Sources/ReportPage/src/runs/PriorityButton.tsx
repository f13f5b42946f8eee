import { FormEvent, useRef, useState } from 'react';
import { patchRequest } from '../api/operations';
import type { Request } from '../api/types';
import { store, useLive } from '../live/store';
import { Dialog } from '../parts/Dialog';
import { ErrorNotice } from '../parts/ErrorNotice';
import { describedBy, Field } from '../parts/Field';
import { useSubmission } from '../ask/useSubmission';

/** Who waits starts in order of priority, then of time. */
export function PriorityButton({ request, disabled, reason }: { request: Request; disabled: boolean; reason: string | undefined }) {
    const [open, setOpen] = useState(false);
    return (
        <>
            <button type="button" disabled={disabled} title={reason} onClick={() => setOpen(true)}>
                Priority
            </button>
            <Dialog open={open} close={() => setOpen(false)} title="Change its priority">
                <PriorityForm request={request} close={() => setOpen(false)} />
            </Dialog>
        </>
    );
}

function PriorityForm({ request, close }: { request: Request; close: () => void }) {
    const { requests } = useLive();
    const [text, setText] = useState(String(request.priority));
    const form = useRef<HTMLFormElement>(null);
    const submission = useSubmission(form);
    const others = [...requests.values()].filter((other) => other.phase === 'Queued' && other.pipeline === request.pipeline && other.namespace === request.namespace && other.id !== request.id);
    const highest = Math.max(0, ...others.map((other) => other.priority));
    const lowest = Math.min(0, ...others.map((other) => other.priority));
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const priority = Number(text);
        const good = /^-?\d+$/.test(text.trim()) && Math.abs(priority) <= 1000;
        const changed = await submission.submit({ priority }, good ? {} : { priority: 'A whole number from -1000 to 1000.' }, () => patchRequest(request, { priority }));
        if (!changed) return;
        store.takeRequests([changed]);
        close();
    };
    const fault = submission.faultOf('priority');
    return (
        <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
            <p>Reports of one queue start in order of priority, the highest first, then the oldest. What runs already isn’t disturbed.</p>
            <Field label="Priority" id="priority" error={fault}>
                <input id="priority" className="short number" inputMode="numeric" value={text} aria-invalid={fault !== undefined || undefined} aria-describedby={describedBy('priority', undefined, fault)} onChange={(event) => setText(event.target.value)} />
            </Field>
            <div className="checks tight">
                <button type="button" onClick={() => setText(String(Math.min(1000, others.length > 0 ? highest + 1 : highest)))}>
                    Next
                </button>
                <button type="button" onClick={() => setText('0')}>
                    Ordinary
                </button>
                <button type="button" onClick={() => setText(String(Math.max(-1000, lowest - 1)))}>
                    Last
                </button>
            </div>
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
