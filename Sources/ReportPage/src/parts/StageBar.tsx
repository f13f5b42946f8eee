import type { Request } from '../api/types';
import { progress } from '../logic/phases';
import { toneOf } from './PhaseBadge';

const width = 240;
const height = 8;
const gap = 2;

/** How far a run is: one segment a stage. */
export function StageBar({ request }: { request: Request }) {
    const at = progress(request);
    if (!at || at.total === 0) return null;
    const each = (width - gap * (at.total - 1)) / at.total;
    const tones = request.stages?.map((stage) => toneOf(stage.phase)) ?? Array.from({ length: at.total }, (_, index) => toneFrom(request, index, at.done));
    return (
        <div className="stage-bar">
            <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${at.done} of ${at.total} stages done`}>
                {tones.map((tone, index) => (
                    <rect key={index} className={`fill-${tone}`} x={index * (each + gap)} y={0} width={Math.max(1, each)} height={height} rx={2} />
                ))}
            </svg>
            <span className="small">
                {at.current === undefined ? `${at.done} of ${at.total} stages` : `${Math.min(at.done + 1, at.total)} of ${at.total}: ${at.current}`}
            </span>
        </div>
    );
}

function toneFrom(request: Request, index: number, done: number): string {
    if (index < done) return 'ok';
    return index === done && !['Queued', 'Succeeded'].includes(request.phase) ? toneOf(request.phase) : 'idle';
}
