import { pause, session } from '../api/client';
import { eventsAddress } from '../api/operations';
import { backoff, EventReader, ServerEvent } from '../logic/eventFormat';

export type StreamHandlers = {
    /** Nothing was missed where it resumed. */
    opened: (resumed: boolean) => void;
    lost: () => void;
    alive: () => void;
    event: (event: ServerEvent) => void;
    lastID: () => string | undefined;
};

/** The server says something every 15 seconds, if only a comment: three of them missing, and the connection is dead. */
const silence = 45_000;

/** Keeps one event stream open until `signal` aborts: resumes where it broke off, with growing pauses between tries. */
export async function follow(handlers: StreamHandlers, signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
        const opened = await connection(handlers, signal).catch(() => false);
        if (signal.aborted) return;
        attempt = opened ? 0 : attempt + 1;
        handlers.lost();
        await soonerWhenOnline(backoff(attempt, Math.random()), signal);
    }
}

/** Says whether it was open at all. Ends when the connection does. */
async function connection(handlers: StreamHandlers, signal: AbortSignal): Promise<boolean> {
    const cut = new AbortController();
    const onAbort = () => cut.abort();
    signal.addEventListener('abort', onAbort);
    let timer = setTimeout(onAbort, silence);
    const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(onAbort, silence);
        handlers.alive();
    };
    let opened = false;
    try {
        const lastID = handlers.lastID();
        const response = await fetch(eventsAddress(), {
            headers: { Accept: 'text/event-stream', ...(lastID === undefined ? {} : { 'Last-Event-ID': lastID }) },
            credentials: 'same-origin',
            cache: 'no-store',
            signal: cut.signal,
        });
        if (response.status === 401) session.onSignedOut();
        if (!response.ok || !response.body) return false;
        opened = true;
        handlers.opened(lastID !== undefined);
        const reader = response.body.getReader();
        const decoder = new TextDecoder();
        const events = new EventReader();
        for (;;) {
            alive();
            const { value, done } = await reader.read();
            if (done) return true;
            for (const event of events.read(decoder.decode(value, { stream: true }))) handlers.event(event);
        }
    } catch {
        return opened;
    } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
    }
}

async function soonerWhenOnline(milliseconds: number, signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    const onWake = () => wake.abort();
    signal.addEventListener('abort', onWake);
    addEventListener('online', onWake);
    await pause(milliseconds, wake.signal).catch(() => undefined);
    signal.removeEventListener('abort', onWake);
    removeEventListener('online', onWake);
}
