import type { ServerEvent } from '../logic/eventFormat';
import { Connection, store } from './store';
import { follow } from './stream';

/**
 * One event stream for all tabs of a browser, which opens no more than six connections to a server over HTTP/1.1. The tab
 * that holds the lock reads the stream and passes everything on. When it closes, the next in line has the lock, and
 * resumes behind the last event that it was given.
 */
type Message =
    | { kind: 'hello' }
    | { kind: 'status'; connection: Connection; lastID: string | undefined }
    | { kind: 'alive' }
    | { kind: 'event'; event: ServerEvent }
    | { kind: 'missed' };

/** The silence after which a leader has been frozen by its browser: the stream is taken over. */
const patience = 75_000;

let leading = false;
let lastID: string | undefined;

export const leads = (): boolean => leading;

export function startTabs(user: string): void {
    const name = `report-events ${new URL(document.baseURI).pathname} ${user}`;
    if (!('locks' in navigator) || !('BroadcastChannel' in window)) {
        leading = true;
        void follow(handlers(() => undefined), new AbortController().signal);
        return;
    }
    const channel = new BroadcastChannel(name);
    const post = (message: Message) => channel.postMessage(message);
    let heard = Date.now();
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
        if (data.kind === 'hello') {
            if (leading) post({ kind: 'status', connection: store.connection(), lastID });
            return;
        }
        heard = Date.now();
        if (data.kind === 'status') {
            lastID = data.lastID;
            store.setConnection(data.connection);
        } else if (data.kind === 'event') take(data.event);
        else if (data.kind === 'missed') store.reload();
    };
    lead(name, post, {});
    post({ kind: 'hello' });
    setInterval(() => {
        if (leading || Date.now() - heard < patience) return;
        heard = Date.now();
        lead(name, post, { steal: true });
    }, 5_000);
}

function lead(name: string, post: (message: Message) => void, options: LockOptions): void {
    const stop = new AbortController();
    navigator.locks
        .request(name, options, () => {
            leading = true;
            return follow(handlers(post), stop.signal);
        })
        .catch(() => {
            // Another tab has taken the lock away: this one listens again, and waits for its turn. Not at once: a page
            // that is being left is refused at once, again and again.
            leading = false;
            stop.abort();
            setTimeout(() => lead(name, post, {}), 2_000);
        });
}

function handlers(post: (message: Message) => void): Parameters<typeof follow>[0] {
    const status = (connection: Connection) => {
        store.setConnection(connection);
        post({ kind: 'status', connection, lastID });
    };
    let openedBefore = false;
    return {
        opened: (resumed) => {
            status('open');
            // Without an id to resume from, whatever happened while nobody listened is lost.
            if (openedBefore && !resumed) {
                store.reload();
                post({ kind: 'missed' });
            }
            openedBefore = true;
        },
        lost: () => status('lost'),
        alive: () => post({ kind: 'alive' }),
        event: (event) => {
            take(event);
            post({ kind: 'event', event });
        },
        lastID: () => lastID,
    };
}

function take(event: ServerEvent): void {
    if (event.id !== undefined) lastID = event.id;
    store.apply(event);
}
