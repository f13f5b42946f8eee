import { createContext, useContext } from 'react';
import { listRequests } from '../api/operations';
import { store } from './store';
import { Load, useLoad } from './useLoad';

/** What goes on is counted in the header of every page, so it is loaded once, by the frame around them. */
const LiveRequests = createContext<Load<true>>({ value: undefined, error: undefined, loading: true, reload: () => undefined });

export const LiveRequestsProvider = LiveRequests.Provider;

export const useLiveRequests = (): Load<true> => useContext(LiveRequests);

export const useLoadLiveRequests = (): Load<true> => useLoad('live requests', load);

async function load(): Promise<true> {
    let cursor: string | undefined;
    let count = 0;
    do {
        const page = await listRequests({ live: true, limit: 500, cursor });
        store.takeRequests(page.items);
        cursor = page.next;
        count += page.items.length;
    } while (cursor !== undefined && count < 5_000);
    return true;
}
