import { useCallback, useEffect, useState } from 'react';
import { getRows } from '../api/operations';
import type { Column, Report } from '../api/types';
import type { Row } from '../logic/sorting';

/** The first piece is small, so that something is there at once. */
const firstPiece = 500;
const piece = 20_000;
/** More than anybody scrolls through; beyond it the browser's memory is what ends first. */
const most = 300_000;

type State = { rows: Row[]; columns: Column[]; loading: boolean; error: unknown; total: number; cut: boolean; warning?: string | undefined };

export function useRows(id: string, version: string, result: NonNullable<Report['result']>): State & { retry: () => void } {
    const [again, setAgain] = useState(0);
    const [state, setState] = useState<State>({ rows: [], columns: result.columns ?? [], loading: true, error: undefined, total: result.rows, cut: false });
    useEffect(() => {
        const stop = new AbortController();
        const load = async () => {
            const rows: Row[] = [];
            let cursor: string | undefined;
            let warning: string | undefined;
            do {
                const page = await getRows(id, { limit: cursor === undefined ? firstPiece : piece, cursor }, stop.signal);
                rows.push(...page.rows);
                cursor = page.next;
                warning ??= page.warning;
                const over = cursor === undefined || rows.length >= most;
                setState({ rows: rows.slice(), columns: page.columns, loading: !over, error: undefined, total: page.total ?? result.rows, cut: over && cursor !== undefined, warning });
            } while (cursor !== undefined && rows.length < most);
        };
        setState((before) => ({ ...before, loading: true, error: undefined }));
        load().catch((error: unknown) => {
            if (!stop.signal.aborted) setState((before) => ({ ...before, loading: false, error }));
        });
        return () => stop.abort();
        // The number of rows belongs to the version.
    }, [id, version, again]);
    return { ...state, retry: useCallback(() => setAgain((count) => count + 1), []) };
}
