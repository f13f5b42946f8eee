import { RefObject, useRef, useState } from 'react';
import { newKey } from '../api/client';
import { fieldMessage, ProblemError } from '../api/problem';

/**
 * Sends a form: its faults beside their fields, the first of them focused. One key for one submission, kept over all tries
 * of it, so that a lost answer makes no second report; a changed form is another submission.
 */
export function useSubmission(form: RefObject<HTMLElement>) {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>();
    const [local, setLocal] = useState<Record<string, string>>({});
    const submission = useRef<{ body: string; key: string }>({ body: '', key: '' });

    const focusFirst = () =>
        requestAnimationFrame(() => {
            const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .wrong input, .wrong select, .fault');
            first?.focus();
            first?.scrollIntoView({ block: 'center' });
        });

    async function submit<Answer>(body: unknown, faults: Record<string, string>, send: (key: string) => Promise<Answer>): Promise<Answer | undefined> {
        setLocal(faults);
        setError(undefined);
        if (Object.keys(faults).length > 0) {
            focusFirst();
            return undefined;
        }
        const text = JSON.stringify(body);
        if (submission.current.body !== text) submission.current = { body: text, key: newKey() };
        setBusy(true);
        try {
            const answer = await send(submission.current.key);
            submission.current = { body: '', key: '' };
            return answer;
        } catch (failure) {
            setError(failure);
            focusFirst();
            return undefined;
        } finally {
            setBusy(false);
        }
    }

    const fields = error instanceof ProblemError ? error.fields : [];
    return {
        busy,
        error,
        submit,
        /** What is wrong with a field, by the API's name of it. */
        faultOf: (field: string) => local[field] ?? fieldMessage(fields, field),
        faultCount: Object.keys(local).length || fields.length,
        forget: (field: string) => {
            if (local[field] === undefined) return;
            setLocal(({ [field]: _, ...rest }) => rest);
        },
    };
}
