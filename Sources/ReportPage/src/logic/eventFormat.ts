export type ServerEvent = { type: string; data: string; id: string | undefined };

/**
 * Reads server-sent events as they come, in pieces cut anywhere. A browser's EventSource could do it, but tells neither the
 * status of a refusal nor that the server keeps silent.
 */
export class EventReader {
    private rest = '';
    private type = '';
    private data: string[] = [];
    private id: string | undefined;
    /** The server's wish for the pause before the next connection, in milliseconds. */
    retry: number | undefined;

    read(piece: string): ServerEvent[] {
        const events: ServerEvent[] = [];
        this.rest += piece;
        // A carriage return at the end may be half of a line's end.
        const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
        this.rest = lines.pop() ?? '';
        for (const line of lines) {
            if (line === '') {
                if (this.data.length > 0) events.push({ type: this.type || 'message', data: this.data.join('\n'), id: this.id });
                this.type = '';
                this.data = [];
            } else this.field(line);
        }
        return events;
    }

    private field(line: string): void {
        const colon = line.indexOf(':');
        if (colon === 0) return;
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (name === 'data') this.data.push(value);
        else if (name === 'event') this.type = value;
        else if (name === 'id' && !value.includes('\0')) this.id = value;
        else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
    }
}

/** The pause before the n-th try: doubling, half of it by chance, so that all browsers don't come back at once. */
export function backoff(attempt: number, random: number): number {
    const longest = Math.min(20_000, 500 * 2 ** attempt);
    return Math.round(longest / 2 + (longest / 2) * random);
}
