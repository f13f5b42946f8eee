import { useEffect, useState } from 'react';
import type { Query } from '../api/client';
import { listPipelines } from '../api/operations';
import type { Phase } from '../api/types';
import { useLoad } from '../live/useLoad';
import type { Filters } from '../logic/routes';
import { useMe } from '../shell/me';
import { go } from '../shell/navigation';

const phases: Phase[] = ['Queued', 'Running', 'Succeeded', 'Failed', 'Cancelling', 'Cancelled'];

/** The address's filters as the API asks for them: days are those where the browser is, and the last one is included. */
export function queryOf(filters: Filters): Query {
    const { from, to, phase, mine, ...same } = filters;
    const start = from === undefined ? undefined : new Date(`${from}T00:00:00`);
    const end = to === undefined ? undefined : new Date(`${to}T00:00:00`);
    end?.setDate(end.getDate() + 1);
    const text = (date: Date | undefined) => (date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined);
    return { ...same, mine: mine === 'true' ? true : undefined, phase: phase?.split(','), from: text(start), to: text(end) };
}

/** Everything chosen goes into the address, so that it can be kept, sent on, and gone back to. */
export function FilterBar({ filters }: { filters: Filters }) {
    const me = useMe();
    const pipelines = useLoad('pipelines for filters', () => listPipelines({ limit: 500 }));
    const set = (change: Partial<Record<keyof Filters, string | undefined>>) => {
        const next: Filters = { ...filters };
        for (const [name, value] of Object.entries(change) as [keyof Filters, string | undefined][]) {
            if (value) next[name] = value;
            else delete next[name];
        }
        go({ page: 'history', filters: next });
    };
    const chosen = new Set(filters.phase?.split(','));
    const names = new Map((pipelines.value?.items ?? []).map((pipeline) => [pipeline.name, pipeline.title ?? pipeline.name]));
    return (
        <form className="filters" role="search" aria-label="Filter reports" onSubmit={(event) => event.preventDefault()}>
            <label>
                Report
                <select value={filters.pipeline ?? ''} onChange={(event) => set({ pipeline: event.target.value })}>
                    <option value="">all</option>
                    {filters.pipeline !== undefined && !names.has(filters.pipeline) && <option value={filters.pipeline}>{filters.pipeline}</option>}
                    {[...names].map(([name, title]) => (
                        <option key={name} value={name}>
                            {title}
                        </option>
                    ))}
                </select>
            </label>
            {me.namespaces.length > 1 && (
                <label>
                    Namespace
                    <select value={filters.namespace ?? ''} onChange={(event) => set({ namespace: event.target.value })}>
                        <option value="">all</option>
                        {me.namespaces.map(({ name }) => (
                            <option key={name}>{name}</option>
                        ))}
                    </select>
                </label>
            )}
            <RequesterFilter value={filters.requester ?? ''} change={(requester) => set({ requester })} disabled={filters.mine === 'true'} />
            <label>
                From
                <input type="date" value={filters.from ?? ''} max={filters.to} onChange={(event) => set({ from: event.target.value })} />
            </label>
            <label>
                To
                <input type="date" value={filters.to ?? ''} min={filters.from} onChange={(event) => set({ to: event.target.value })} />
            </label>
            <label className="check">
                <input type="checkbox" checked={filters.mine === 'true'} onChange={(event) => set({ mine: event.target.checked ? 'true' : undefined, requester: undefined })} />
                Only mine
            </label>
            <div className="checks tight phases" role="group" aria-label="State">
                {phases.map((phase) => (
                    <label key={phase} className="pill">
                        <input
                            type="checkbox"
                            checked={chosen.has(phase)}
                            onChange={(event) => set({ phase: phases.filter((other) => (other === phase ? event.target.checked : chosen.has(other))).join(',') })}
                        />
                        {phase}
                    </label>
                ))}
                {Object.keys(filters).length > 0 && (
                    <button type="button" className="plain" onClick={() => go({ page: 'history', filters: {} })}>
                        Clear all
                    </button>
                )}
            </div>
            {filters.schedule !== undefined && (
                <p className="muted">
                    Of the schedule {filters.schedule}.{' '}
                    <button type="button" className="link" onClick={() => set({ schedule: undefined })}>
                        Of all
                    </button>
                </p>
            )}
        </form>
    );
}

/** Applied on Enter or when she goes on: each letter would be a step back in the browser's history. */
function RequesterFilter({ value, change, disabled }: { value: string; change: (text: string) => void; disabled: boolean }) {
    const [text, setText] = useState(value);
    useEffect(() => setText(value), [value]);
    const apply = () => text.trim() !== value && change(text.trim());
    return (
        <label>
            Asked for by
            <input type="search" value={text} disabled={disabled} placeholder="name or e-mail" onChange={(event) => setText(event.target.value)} onBlur={apply} onKeyDown={(event) => event.key === 'Enter' && apply()} />
        </label>
    );
}
