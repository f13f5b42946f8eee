import type { FieldError, Problem } from './types';

/** An answer that is no success, in the API's own words. */
export class ProblemError extends Error {
    constructor(readonly problem: Problem) {
        super(problem.detail ?? problem.title);
    }

    get status(): number {
        return this.problem.status;
    }

    get fields(): readonly FieldError[] {
        return this.problem.errors ?? [];
    }
}

/** No answer at all: the network, or the gateway, is away. */
export class ConnectionError extends Error {
    constructor() {
        super('The server doesn’t answer. Your network may be down, or the server restarts.');
    }
}

/** A proxy's page of HTML says nothing to her; the status does. */
export async function problemOf(response: Response): Promise<Problem> {
    if (response.headers.get('Content-Type')?.includes('json')) {
        try {
            const problem = (await response.json()) as Partial<Problem>;
            if (typeof problem.title === 'string') return { type: 'about:blank', ...problem, title: problem.title, status: response.status };
        } catch {
            // Cut off on its way: the status is what is left.
        }
    }
    return { type: 'about:blank', title: titles[response.status] ?? `The server answered ${response.status}.`, status: response.status };
}

const titles: Record<number, string> = {
    401: 'You are not signed in.',
    403: 'You may not do that.',
    404: 'There is nothing here, or you may not see it.',
    413: 'That is too much at once.',
    429: 'Too many requests in a short time. Wait a moment.',
    502: 'The server is away for a moment.',
    503: 'The server is away for a moment.',
    504: 'The server took too long to answer.',
};

/** What a field's error says, by the API's name of the field: `parameters.period`. Those of parts belong to the whole. */
export function fieldMessage(errors: readonly FieldError[], field: string): string | undefined {
    const found = errors.filter((error) => error.field === field || error.field.startsWith(`${field}[`) || error.field.startsWith(`${field}.`));
    return found.length > 0 ? found.map((error) => error.message).join(' ') : undefined;
}
