import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * What was filled in and not sent yet, by form. It outlives going to another page and back; and, once she has to sign in
 * anew, leaving the page altogether, in this tab alone.
 */
const storage = 'report-drafts';
const drafts = new Map<string, unknown>(stored());

function stored(): [string, unknown][] {
    try {
        const text = sessionStorage.getItem(storage);
        sessionStorage.removeItem(storage);
        return text === null ? [] : (JSON.parse(text) as [string, unknown][]);
    } catch {
        return [];
    }
}

export const hasDrafts = (): boolean => drafts.size > 0;

export const hasDraft = (key: string): boolean => drafts.has(key);

export function keepDrafts(): void {
    try {
        sessionStorage.setItem(storage, JSON.stringify([...drafts]));
    } catch {
        // A browser without storage keeps nothing; signing in in another tab does.
    }
}

/** State of a form that is a draft from the first change on, until it is sent or begun anew. */
export function useDraft<Value>(key: string, initial: Value) {
    const [value, setValue] = useState<Value>(() => (drafts.has(key) ? (drafts.get(key) as Value) : initial));
    const [restored, setRestored] = useState(() => drafts.has(key));
    const dirty = useRef(drafts.has(key));
    const change = useCallback(
        (update: (before: Value) => Value) => {
            dirty.current = true;
            setValue((before) => {
                const after = update(before);
                drafts.set(key, after);
                return after;
            });
        },
        [key],
    );
    const discard = useCallback(() => {
        dirty.current = false;
        drafts.delete(key);
        setRestored(false);
    }, [key]);
    const startOver = useCallback(() => {
        discard();
        setValue(initial);
    }, [discard, initial]);
    useEffect(() => {
        // Closing the tab loses a draft, so the browser asks first.
        const ask = (event: BeforeUnloadEvent) => {
            if (dirty.current && sessionStorage.getItem(storage) === null) event.preventDefault();
        };
        addEventListener('beforeunload', ask);
        return () => removeEventListener('beforeunload', ask);
    }, []);
    return { value, change, discard, startOver, restored };
}
