/** Where in the page somebody is. Paths are relative to the page's base, and every one of them can be linked to. */
export type Route =
    | { page: 'ask' }
    | { page: 'form'; namespace: string; name: string; again?: string }
    | { page: 'runs' }
    | { page: 'history'; filters: Filters }
    | { page: 'report'; id: string }
    | { page: 'schedules' }
    | { page: 'schedule'; namespace: string; name: string }
    | { page: 'unknown'; path: string };

export type Filters = { namespace?: string; pipeline?: string; phase?: string; requester?: string; mine?: string; schedule?: string; from?: string; to?: string };

export const filterNames = ['namespace', 'pipeline', 'phase', 'requester', 'mine', 'schedule', 'from', 'to'] as const;

export function parseRoute(path: string, search: string): Route {
    const query = new URLSearchParams(search);
    const unknown: Route = { page: 'unknown', path };
    let parts: string[];
    try {
        parts = path.split('/').filter((part) => part !== '').map(decodeURIComponent);
    } catch {
        return unknown;
    }
    const [first, second, third] = parts;
    if (parts.length > 3) return unknown;
    switch (first) {
        case undefined:
            return { page: 'ask' };
        case 'ask': {
            if (second === undefined) return { page: 'ask' };
            if (third === undefined) return unknown;
            const again = query.get('again');
            return { page: 'form', namespace: second, name: third, ...(again ? { again } : {}) };
        }
        case 'runs':
            return parts.length === 1 ? { page: 'runs' } : unknown;
        case 'history':
            return parts.length === 1 ? { page: 'history', filters: parseFilters(query) } : unknown;
        case 'reports':
            return second !== undefined && third === undefined ? { page: 'report', id: second } : unknown;
        case 'schedules':
            if (second === undefined) return { page: 'schedules' };
            return third === undefined ? unknown : { page: 'schedule', namespace: second, name: third };
        default:
            return unknown;
    }
}

function parseFilters(query: URLSearchParams): Filters {
    const filters: Filters = {};
    for (const name of filterNames) {
        const value = query.get(name);
        if (value) filters[name] = value;
    }
    return filters;
}

export function formatRoute(route: Route): string {
    const part = encodeURIComponent;
    switch (route.page) {
        case 'ask':
            return 'ask';
        case 'form':
            return `ask/${part(route.namespace)}/${part(route.name)}${route.again ? `?again=${part(route.again)}` : ''}`;
        case 'runs':
            return 'runs';
        case 'history': {
            const query = new URLSearchParams();
            for (const name of filterNames) {
                const value = route.filters[name];
                if (value) query.set(name, value);
            }
            const text = query.toString();
            return text ? `history?${text}` : 'history';
        }
        case 'report':
            return `reports/${part(route.id)}`;
        case 'schedules':
            return 'schedules';
        case 'schedule':
            return `schedules/${part(route.namespace)}/${part(route.name)}`;
        case 'unknown':
            return route.path;
    }
}

/** The page's path below its base, or nothing where the address lies elsewhere. */
export function relativePath(base: string, pathname: string): string | undefined {
    return pathname.startsWith(base) ? pathname.slice(base.length) : `${pathname}/` === base ? '' : undefined;
}
