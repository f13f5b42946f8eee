import { useEffect, useState } from 'react';
import { getQueue } from '../api/operations';
import type { Expectation, Queue, QueueGroup, QueueRun } from '../api/types';
import { useLive } from '../live/store';
import { isOver } from '../logic/phases';
import { keyOf } from '../logic/merge';

export type QueuePlace = { group: QueueGroup; run: QueueRun; position: number; expected: Expectation | undefined };

/**
 * Places and expectations. A run that starts or ends moves all who wait behind it, and no event is sent for each of them:
 * so the queue is asked anew a moment after any live run has changed, and now and then as time passes.
 */
export function useQueue(wanted: boolean): ReadonlyMap<string, QueuePlace> {
    const { requests } = useLive();
    const [queue, setQueue] = useState<Queue>();
    const fingerprint = wanted
        ? [...requests.values()].filter((request) => request.live && !isOver(request.phase)).map((request) => `${request.id}:${request.phase}:${request.priority}`).join()
        : undefined;
    useEffect(() => {
        if (fingerprint === undefined) return undefined;
        let current = true;
        const ask = () => {
            // What is shown stays where an answer is missing: the connection's banner says so already.
            getQueue().then((value) => current && setQueue(value), () => undefined);
        };
        const soon = setTimeout(ask, 300);
        const again = setInterval(ask, 30_000);
        return () => {
            current = false;
            clearTimeout(soon);
            clearInterval(again);
        };
    }, [fingerprint]);
    const places = new Map<string, QueuePlace>();
    for (const group of queue?.groups ?? []) {
        for (const run of group.running) places.set(keyOf(run), { group, run, position: 0, expected: run.expected });
        group.waiting.forEach((run, index) => places.set(keyOf(run), { group, run, position: run.position ?? index + 1, expected: run.expected }));
    }
    return places;
}
