import { useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, relativePath, Route } from '../logic/routes';

const base = new URL(document.baseURI).pathname;
const listeners = new Set<() => void>();
const changed = () => listeners.forEach((listener) => listener());
addEventListener('popstate', changed);

/** The address below the base, with its query: what is shown depends on it alone. */
const current = (): string => (relativePath(base, location.pathname) ?? '') + location.search;

export function useRoute(): { route: Route; address: string } {
    const address = useSyncExternalStore((listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
    }, current);
    const [path, search] = address.split(/\?(.*)/s);
    return { route: parseRoute(path ?? '', search ?? ''), address };
}

export const href = (route: Route): string => base + formatRoute(route);

export function go(route: Route, options: { replace?: boolean } = {}): void {
    const target = href(route);
    if (options.replace) history.replaceState(null, '', target);
    else if (target !== location.pathname + location.search) history.pushState(null, '', target);
    changed();
}
