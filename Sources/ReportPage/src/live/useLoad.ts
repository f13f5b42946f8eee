import { useCallback, useEffect, useRef, useState } from 'react';
import { useGeneration } from './store';

export type Load<Value> = {
    value: Value | undefined;
    error: unknown;
    /** Also while an older value is still shown, so that nothing jumps. */
    loading: boolean;
    reload: () => void;
};

/**
 * Loads when `key` changes, and again, keeping what is shown, whenever events were missed. An answer that another load has
 * overtaken is dropped.
 */
export function useLoad<Value>(key: string | undefined, load: () => Promise<Value>): Load<Value> {
    const generation = useGeneration();
    const [again, setAgain] = useState(0);
    const [state, setState] = useState<{ key: string | undefined; value: Value | undefined; error: unknown; loading: boolean }>({
        key,
        value: undefined,
        error: undefined,
        loading: key !== undefined,
    });
    const latest = useRef(load);
    latest.current = load;
    useEffect(() => {
        if (key === undefined) return undefined;
        let current = true;
        setState((before) => ({ key, value: before.key === key ? before.value : undefined, error: undefined, loading: true }));
        latest.current().then(
            (value) => current && setState({ key, value, error: undefined, loading: false }),
            (error: unknown) => current && setState((before) => ({ ...before, error, loading: false })),
        );
        return () => {
            current = false;
        };
    }, [key, generation, again]);
    const reload = useCallback(() => setAgain((count) => count + 1), []);
    if (state.key !== key) return { value: undefined, error: undefined, loading: key !== undefined, reload };
    return { value: state.value, error: state.error, loading: state.loading, reload };
}

/** The present moment, for times that pass on the screen. */
export function useNow(every: number): number {
    const [now, setNow] = useState(() => Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), every);
        return () => clearInterval(timer);
    }, [every]);
    return now;
}
