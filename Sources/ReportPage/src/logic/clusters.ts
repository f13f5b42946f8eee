import type { Request } from '../api/types';

/** Where a request was made, for people: its cluster's name, or else what is known of it. */
export function clusterOf({ cluster, clusterName, live }: Pick<Request, 'cluster' | 'clusterName' | 'live'>): string | undefined {
    return clusterName ?? cluster ?? (live ? 'this one' : undefined);
}

/** Whether a list says it: where a cluster has a name, and where there are reports of several. */
export function showsClusters(requests: readonly Request[]): boolean {
    const known = requests.flatMap(({ cluster }) => cluster ?? []);
    return requests.some(({ clusterName }) => clusterName !== undefined) || new Set(known).size > 1;
}
