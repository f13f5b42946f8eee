import { useSyncExternalStore } from 'react';
import type { ServerEvent } from '../logic/eventFormat';
import { emptyState, LiveState, merge, withRequests } from '../logic/merge';
import type { Request } from '../api/types';

export type Connection = 'connecting' | 'open' | 'lost';

type Listener = () => void;
type EventListener = (event: Pick<ServerEvent, 'type' | 'data'>, before: LiveState, after: LiveState) => void;

/** What all parts of the page see of the live world, and when its lists are to be loaded anew. */
class LiveStore {
    private state = emptyState;
    private connectionState: Connection = 'connecting';
    /** Counts up when events were missed: views of lists load them again. */
    private generationCount = 0;
    private readonly listeners = new Set<Listener>();
    private readonly eventListeners = new Set<EventListener>();

    readonly subscribe = (listener: Listener): (() => void) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    };

    readonly live = (): LiveState => this.state;
    readonly connection = (): Connection => this.connectionState;
    readonly generation = (): number => this.generationCount;

    onEvent(listener: EventListener): () => void {
        this.eventListeners.add(listener);
        return () => this.eventListeners.delete(listener);
    }

    apply(event: Pick<ServerEvent, 'type' | 'data'>): void {
        if (event.type === 'reset') {
            this.reload();
            return;
        }
        const before = this.state;
        this.state = merge(before, event);
        for (const listener of this.eventListeners) listener(event, before, this.state);
        if (before !== this.state) this.changed();
    }

    takeRequests(requests: readonly Request[]): void {
        this.state = withRequests(this.state, requests);
        this.changed();
    }

    setConnection(connection: Connection): void {
        if (connection === this.connectionState) return;
        this.connectionState = connection;
        this.changed();
    }

    reload(): void {
        this.generationCount += 1;
        this.changed();
    }

    private changed(): void {
        for (const listener of this.listeners) listener();
    }
}

export const store = new LiveStore();

export const useLive = (): LiveState => useSyncExternalStore(store.subscribe, store.live);
export const useConnection = (): Connection => useSyncExternalStore(store.subscribe, store.connection);
export const useGeneration = (): number => useSyncExternalStore(store.subscribe, store.generation);
