import { useEffect, useState } from 'react';
import { store } from '../live/store';

/** Schedules deleted since the page was opened: a list that was loaded before still has them. */
export function useDeletions(): ReadonlySet<string> {
    const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
    useEffect(
        () =>
            store.onEvent((event) => {
                if (event.type !== 'deleted' && event.type !== 'schedule') return;
                const { kind, namespace, name } = JSON.parse(event.data) as { kind?: string; namespace: string; name: string };
                if (event.type === 'deleted' && !/schedule/i.test(kind ?? '')) return;
                setDeleted((before) => {
                    const after = new Set(before);
                    if (event.type === 'deleted') after.add(`${namespace}/${name}`);
                    else after.delete(`${namespace}/${name}`);
                    return after;
                });
            }),
        [],
    );
    return deleted;
}
