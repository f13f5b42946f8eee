import { ago } from '../logic/durations';
import { exact, nearTime } from '../logic/times';
import { useNow } from '../live/useLoad';

/** A moment as people say it, with the exact one on hover. */
export function Moment({ at, relative }: { at: string; relative?: boolean }) {
    const now = useNow(30_000);
    return (
        <time dateTime={at} title={exact(at)}>
            {relative ? ago(at, now) : nearTime(at, now)}
        </time>
    );
}
