import { useEffect, useState } from 'react';
import { pause } from '../api/client';
import { previewSchedule } from '../api/operations';
import { fieldMessage, ProblemError } from '../api/problem';
import type { NextTime, SchedulePreview } from '../api/types';
import { expression, Frequency } from '../logic/cron';
import { clockTime, exact } from '../logic/times';

export type Preview = {
    value: SchedulePreview | undefined;
    loading: boolean;
    /** Of a fault that belongs to no field. */
    message: string | undefined;
    faultOf: (field: string) => string | undefined;
};

/** What the cluster makes of an expression, asked a moment after the last key. */
export function usePreview(frequency: Frequency, timeZone: string): Preview {
    const schedule = expression(frequency);
    const zone = timeZone.trim();
    const [state, setState] = useState<{ value: SchedulePreview | undefined; error: unknown; loading: boolean }>({ value: undefined, error: undefined, loading: true });
    useEffect(() => {
        if (schedule === '') {
            setState({ value: undefined, error: undefined, loading: false });
            return undefined;
        }
        const stop = new AbortController();
        setState((before) => ({ ...before, loading: true }));
        pause(200, stop.signal)
            .then(() => previewSchedule({ schedule, timeZone: zone === '' ? undefined : zone }, stop.signal))
            .then(
                (value) => setState({ value, error: undefined, loading: false }),
                (error: unknown) => {
                    if (!stop.signal.aborted) setState({ value: undefined, error, loading: false });
                },
            );
        return () => stop.abort();
    }, [schedule, zone]);
    const fields = state.error instanceof ProblemError ? state.error.fields : [];
    const known = fieldMessage(fields, 'schedule') ?? fieldMessage(fields, 'timeZone');
    return {
        value: state.value,
        loading: state.loading,
        message: state.error !== undefined && known === undefined && state.error instanceof Error ? state.error.message : undefined,
        faultOf: (field) => fieldMessage(fields, field),
    };
}

/** The sentence and the next five times, so that nobody has to trust five stars. */
export function SchedulePreviewPanel({ preview, timeZone }: { preview: Preview; timeZone: string }) {
    const { value } = preview;
    return (
        <div className={preview.loading ? 'preview stale' : 'preview'} role="status" aria-label="What this schedule means">
            {value ? (
                <>
                    <p className="strong sentence">{value.sentence}</p>
                    {value.never ? <p className="fault">It never happens.</p> : <NextTimes times={value.next} timeZone={timeZone} />}
                </>
            ) : (
                <p className="muted">{preview.loading ? 'Looking up the next times …' : 'The next times are shown here once the schedule can be understood.'}</p>
            )}
        </div>
    );
}

export function NextTimes({ times, timeZone }: { times: readonly NextTime[]; timeZone: string }) {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zone = timeZone === '' ? 'UTC' : timeZone;
    return (
        <ol className="next-times">
            {times.map((time) => (
                <li key={time.utc}>
                    <time dateTime={time.utc} title={`${exact(time.utc)}; ${time.utc}`}>
                        {inZone(time, zone)}
                    </time>
                    {zone !== own && <span className="muted small"> {clockTime(time.utc)} where you are</span>}
                </li>
            ))}
        </ol>
    );
}

/** A zone that the browser doesn't know is shown as the server wrote it. */
function inZone(time: NextTime, zone: string): string {
    try {
        return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(time.utc));
    } catch {
        return time.local;
    }
}
