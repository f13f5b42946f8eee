import type { Phase, Request, Stage } from '../api/types';

export function isOver(phase: Phase): boolean {
    return phase === 'Succeeded' || phase === 'Failed' || phase === 'Cancelled';
}

/** Which of its stages a run is in, from the stages, or from such as `2/5 transform` where a list has no more. */
export function progress(request: Request): { done: number; total: number; current: string | undefined } | undefined {
    const stages = request.stages;
    if (stages && stages.length > 0) {
        const current = stages.filter((stage) => stage.phase === 'Running').map((stage) => stage.name);
        return {
            done: stages.filter((stage) => stage.phase === 'Succeeded' || stage.phase === 'Skipped').length,
            total: stages.length,
            current: current.length > 0 ? current.join(', ') : undefined,
        };
    }
    const match = /^(\d+)\/(\d+)(?: (.+))?$/.exec(request.stage ?? '');
    if (!match) return undefined;
    const [, place, total, name] = match;
    const done = request.phase === 'Succeeded' ? Number(place) : Math.max(0, Number(place) - 1);
    return { done, total: Number(total), current: request.phase === 'Running' ? name : undefined };
}

/** Where a stage's bar begins and ends, as parts of the whole run. */
export type Bar = { stage: Stage; begin: number; end: number };

/** Bars of a timeline; stages that haven't run have none. `span` is the time from its begin to its end. */
export function timeline(stages: readonly Stage[], now: number): { begin: number; span: number; bars: Bar[] } | undefined {
    const started = stages.filter((stage) => stage.startedAt !== undefined);
    if (started.length === 0) return undefined;
    const begin = Math.min(...started.map((stage) => Date.parse(stage.startedAt as string)));
    const endOf = (stage: Stage) => (stage.completedAt === undefined ? now : Date.parse(stage.completedAt));
    const span = Math.max(1000, Math.max(...started.map(endOf)) - begin);
    const bars = started.map((stage) => ({
        stage,
        begin: (Date.parse(stage.startedAt as string) - begin) / span,
        end: (endOf(stage) - begin) / span,
    }));
    return { begin, span, bars };
}

/** Whether somebody asked for it herself: the gateway fills the requester from who is signed in. */
export function isMine(request: Request, me: { user: string; name?: string; email?: string }): boolean {
    const { name, email } = request.requester ?? {};
    if (email !== undefined && me.email !== undefined) return email.toLowerCase() === me.email.toLowerCase();
    return name !== undefined && (name === me.name || name === me.user);
}

/** Whether another attempt may come to more: what was asked for, and was refused for what it says, can't be changed. */
export function mayRetry(request: { phase?: string; reason?: string }): boolean {
    return (request.phase === 'Failed' || request.phase === 'Cancelled') && request.reason !== 'InvalidSpec';
}
