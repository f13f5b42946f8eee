/** A state by colour, by shape and by word: none of them alone. */
const marks: Record<string, { tone: string; mark: string }> = {
    Queued: { tone: 'idle', mark: '○' },
    Pending: { tone: 'idle', mark: '○' },
    Running: { tone: 'run', mark: '◐' },
    Rendering: { tone: 'run', mark: '◐' },
    Sending: { tone: 'run', mark: '◐' },
    Succeeded: { tone: 'ok', mark: '✓' },
    Delivered: { tone: 'ok', mark: '✓' },
    Sent: { tone: 'ok', mark: '✓' },
    Ready: { tone: 'ok', mark: '✓' },
    Failed: { tone: 'bad', mark: '✕' },
    'Not ready': { tone: 'bad', mark: '✕' },
    PartlyDelivered: { tone: 'warn', mark: '!' },
    Unknown: { tone: 'warn', mark: '?' },
    Cancelling: { tone: 'warn', mark: '◌' },
    Cancelled: { tone: 'idle', mark: '–' },
    Skipped: { tone: 'idle', mark: '–' },
    Suspended: { tone: 'idle', mark: '‖' },
};

export function toneOf(phase: string): string {
    return marks[phase]?.tone ?? 'idle';
}

export function PhaseBadge({ phase }: { phase: string }) {
    const { tone, mark } = marks[phase] ?? { tone: 'idle', mark: '·' };
    return (
        <span className={`badge ${tone}`}>
            <span aria-hidden="true">{mark}</span> {phase === 'PartlyDelivered' ? 'Partly delivered' : phase}
        </span>
    );
}
