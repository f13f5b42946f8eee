import type { Request } from '../api/types';
import { useNow } from '../live/useLoad';
import { between, duration } from '../logic/durations';
import { about, exact } from '../logic/times';
import type { QueuePlace } from './useQueue';

/** What to expect of a run: its place and about when it starts, or since when it runs and about when it ends. */
export function Expected({ request, place }: { request: Request; place: QueuePlace | undefined }) {
    const now = useNow(1_000);
    if (request.phase === 'Queued') {
        const position = request.place && !place ? request.place.position : place?.position;
        const expected = place?.expected ?? request.place?.expected;
        return (
            <span>
                {position !== undefined && position > 0 ? `${ordinal(position)} in the queue` : 'Waiting'}
                {' · '}
                <span title={titleOf(expected?.startsAt, expected?.runs)}>{expected?.startsAt === undefined ? 'no past runs to tell when it starts' : startText(expected.startsAt, now, expected.overdue)}</span>
                {expected?.endsAt !== undefined && <span title={titleOf(expected.endsAt, expected.runs)}>{doneText(expected.endsAt, now)}</span>}
            </span>
        );
    }
    const ran = between(request.startedAt, request.completedAt, now);
    const expectedEnd = request.expectedEnd ?? place?.expected?.endsAt;
    return (
        <span>
            {ran !== undefined && <span className="ticking">{duration(ran)}</span>}
            {expectedEnd !== undefined && <span title={titleOf(expectedEnd, place?.expected?.runs)}> · {about(expectedEnd, now) ?? 'longer than usual'}</span>}
            {expectedEnd === undefined && request.phase === 'Running' && <span className="muted"> · no past runs to tell when it ends</span>}
        </span>
    );
}

function startText(startsAt: string, now: number, overdue: boolean | undefined): string {
    const text = about(startsAt, now);
    return text === undefined ? 'starts any moment' : `starts ${text}${overdue ? ' at the earliest' : ''}`;
}

function doneText(endsAt: string, now: number): string {
    const text = about(endsAt, now);
    return text === undefined ? '' : `, done ${text}`;
}

function titleOf(moment: string | undefined, runs: number | undefined): string | undefined {
    if (moment === undefined) return undefined;
    return `${exact(moment)}${runs === undefined ? '' : `, from the median of ${runs} past ${runs === 1 ? 'run' : 'runs'}`}`;
}

export function ordinal(number: number): string {
    const ending = number % 100 >= 11 && number % 100 <= 13 ? 'th' : ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th';
    return `${number}${ending}`;
}
