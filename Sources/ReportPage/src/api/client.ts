import { backoff } from '../logic/eventFormat';
import { ConnectionError, problemOf, ProblemError } from './problem';

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

export type Call = {
    query?: Query;
    body?: unknown;
    /** The same over all tries of one submission, so that they make one object. */
    key?: string;
    signal?: AbortSignal;
    headers?: Record<string, string>;
};

/** Set once it is known who is signed in. */
export const session: { csrfToken: string | undefined; onSignedOut: () => void } = { csrfToken: undefined, onSignedOut: () => undefined };

const tries = 4;
const passing = new Set([429, 502, 503, 504]);

/** `/requests/{namespace}` with its values, below the page's base. */
export function address(path: string, values: Record<string, string>, query: Query = {}): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        if (value === undefined || value === '') continue;
        for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item));
    }
    const text = search.toString();
    return new URL(`api/v1${filled}${text ? `?${text}` : ''}`, document.baseURI).href;
}

/**
 * One call, with pauses between tries: what only reads is tried again, and so is what carries a key. Anything else may
 * have happened although its answer was lost.
 */
export async function send(method: string, url: string, call: Call = {}): Promise<Response> {
    const repeatable = method === 'GET' || call.key !== undefined;
    for (let attempt = 0; ; attempt += 1) {
        const last = !repeatable || attempt + 1 >= tries;
        let response: Response | undefined;
        try {
            response = await fetch(url, options(method, call));
        } catch (error) {
            if (call.signal?.aborted) throw error;
            if (last) throw new ConnectionError();
        }
        if (response) {
            if (response.ok) return response;
            if (response.status === 401) session.onSignedOut();
            if (last || !passing.has(response.status) || isToldBy(response, method)) throw new ProblemError(await problemOf(response));
        }
        const asked = Number(response?.headers.get('Retry-After') ?? NaN) * 1000;
        await pause(asked > 0 ? Math.min(asked, 10_000) : backoff(attempt, Math.random()), call.signal);
    }
}

/** The server itself says that it can't: the record is away. A reader learns it at once, and may try again. */
function isToldBy(response: Response, method: string): boolean {
    return method === 'GET' && response.status === 503 && (response.headers.get('Content-Type')?.includes('problem+json') ?? false);
}

function options(method: string, call: Call): RequestInit {
    const headers: Record<string, string> = { Accept: 'application/json, application/problem+json', ...call.headers };
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (call.key !== undefined) headers['Idempotency-Key'] = call.key;
    if (method !== 'GET' && session.csrfToken !== undefined) headers['X-CSRF-Token'] = session.csrfToken;
    return {
        method,
        headers,
        credentials: 'same-origin',
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.signal ? { signal: call.signal } : {}),
    };
}

export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, milliseconds);
        signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(new DOMException('Aborted', 'AbortError'));
        });
    });
}

export function newKey(): string {
    // Plain http on a name that isn't localhost has no randomUUID.
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
