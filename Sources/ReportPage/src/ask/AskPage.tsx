import { useEffect, useState } from 'react';
import { listPipelines } from '../api/operations';
import type { PipelineSummary } from '../api/types';
import { useLoad } from '../live/useLoad';
import { useLive } from '../live/store';
import { keyOf } from '../logic/merge';
import { isOver } from '../logic/phases';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Blocks } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { useMe } from '../shell/me';

/** The catalogue: which reports there are, found by any word of their title, name or description. */
export function AskPage() {
    useTitle('Ask for a report');
    const me = useMe();
    const [search, setSearch] = useState('');
    const catalogue = useLoad('pipelines', loadAll);
    const { pipelines: live, requests } = useLive();
    const goingOn = new Map<string, number>();
    for (const { namespace, pipeline, phase, live } of requests.values()) {
        const key = keyOf({ namespace, name: pipeline ?? '' });
        if (live && !isOver(phase)) goingOn.set(key, (goingOn.get(key) ?? 0) + 1);
    }
    const pipelines = (catalogue.value ?? []).map((pipeline) => ({ ...(live.get(keyOf(pipeline)) ?? pipeline), runs: goingOn.get(keyOf(pipeline)) ?? 0 }));
    const found = pipelines.filter((pipeline) => matches(pipeline, search));
    useEffect(() => {
        const focusSearch = (event: KeyboardEvent) => {
            if (event.key !== '/' || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
            event.preventDefault();
            document.getElementById('search')?.focus();
        };
        addEventListener('keydown', focusSearch);
        return () => removeEventListener('keydown', focusSearch);
    }, []);
    const several = new Set(pipelines.map(({ namespace }) => namespace)).size > 1;
    return (
        <>
            <div className="page-head">
                <h1>Ask for a report</h1>
                <div className="search">
                    <label htmlFor="search" className="visually-hidden">
                        Search reports
                    </label>
                    <input id="search" type="search" placeholder="Search reports" value={search} onChange={(event) => setSearch(event.target.value)} aria-describedby="found" />
                </div>
            </div>
            <p id="found" className="visually-hidden" role="status">
                {catalogue.value && search !== '' ? `${found.length} of ${pipelines.length} reports` : ''}
            </p>
            {catalogue.error !== undefined && <ErrorNotice error={catalogue.error} retry={catalogue.reload} what="The catalogue can’t be shown" />}
            {!catalogue.value && catalogue.error === undefined && <Blocks count={5} height={74} />}
            {catalogue.value && pipelines.length === 0 && (
                <Empty title={me.namespaces.length === 0 ? 'You have no access to any namespace' : 'There are no reports yet'}>
                    <p>
                        {me.namespaces.length === 0
                            ? 'Whoever runs the cluster can grant it to you.'
                            : 'A report appears here once somebody has set up its pipeline (a ReportPipeline) in one of your namespaces.'}
                    </p>
                    {me.namespaces.length === 0 && <p className="muted small">Tell them your name there: {me.user}</p>}
                </Empty>
            )}
            {pipelines.length > 0 && found.length === 0 && (
                <Empty title={`No report matches “${search}”`}>
                    <button type="button" onClick={() => setSearch('')}>
                        Show all {pipelines.length}
                    </button>
                </Empty>
            )}
            <ul className="catalogue">
                {found.map((pipeline) => (
                    <li key={keyOf(pipeline)}>
                        <Card pipeline={pipeline} several={several} />
                    </li>
                ))}
            </ul>
        </>
    );
}

function Card({ pipeline, several }: { pipeline: PipelineSummary; several: boolean }) {
    const { namespace, name, title, description, fault, parameters, runs } = pipeline;
    return (
        <article className="card">
            <h2>{fault === undefined ? <Link to={{ page: 'form', namespace, name }}>{title ?? name}</Link> : title ?? name}</h2>
            {description !== undefined && <p>{description}</p>}
            {fault !== undefined && <p className="fault">It can’t be asked for: {fault}</p>}
            <p className="muted small">
                {several && <span>{namespace} · </span>}
                {parameters.length === 0 ? 'no parameters' : parameters.map((parameter) => parameter.title ?? parameter.name).join(', ')}
                {runs > 0 && <span> · {runs} going on</span>}
            </p>
        </article>
    );
}

function matches(pipeline: PipelineSummary, search: string): boolean {
    const text = `${pipeline.title ?? ''} ${pipeline.name} ${pipeline.description ?? ''} ${pipeline.namespace}`.toLowerCase();
    return search
        .toLowerCase()
        .split(/\s+/)
        .every((word) => text.includes(word));
}

/** A catalogue is a few hundred at most, so the search is the page's own, and at once. */
async function loadAll(): Promise<PipelineSummary[]> {
    const items: PipelineSummary[] = [];
    let cursor: string | undefined;
    do {
        const page = await listPipelines({ limit: 500, cursor });
        items.push(...page.items);
        cursor = page.next;
    } while (cursor !== undefined && items.length < 5_000);
    return items;
}
