import { useEffect, useRef, useState } from 'react';
import { getLog } from '../api/operations';
import { pause } from '../api/client';
import { ProblemError } from '../api/problem';
import { Dialog } from './Dialog';
import { ErrorNotice } from './ErrorNotice';
import { Lines } from './Skeleton';

type Properties = { open: boolean; close: () => void; id: string; stage: string; stages?: string[] | undefined; attempt?: number | undefined; live: boolean };

const every = 3_000;

/** What a stage printed; while it runs, what it prints. */
export function LogDialog({ open, close, id, stage, stages, attempt, live }: Properties) {
    const [chosen, setChosen] = useState(stage);
    useEffect(() => setChosen(stage), [stage, open]);
    return (
        <Dialog open={open} close={close} title={`Log of ${chosen}`} wide>
            {stages && stages.length > 1 && (
                <div className="checks tight" role="group" aria-label="Stage">
                    {stages.map((name) => (
                        <button key={name} type="button" className={name === chosen ? 'pressed' : undefined} aria-pressed={name === chosen} onClick={() => setChosen(name)}>
                            {name}
                        </button>
                    ))}
                </div>
            )}
            <LogText key={`${id} ${chosen} ${attempt ?? ''}`} id={id} stage={chosen} attempt={attempt} live={live} />
        </Dialog>
    );
}

function LogText({ id, stage, attempt, live }: { id: string; stage: string; attempt: number | undefined; live: boolean }) {
    const [text, setText] = useState<string>();
    const [error, setError] = useState<unknown>();
    const box = useRef<HTMLPreElement>(null);
    const follows = useRef(true);
    useEffect(() => {
        const stop = new AbortController();
        const load = async () => {
            for (;;) {
                try {
                    setText(await getLog(id, stage, attempt, stop.signal));
                    setError(undefined);
                } catch (failure) {
                    if (stop.signal.aborted) return;
                    setError(failure);
                }
                if (!live) return;
                await pause(every, stop.signal);
            }
        };
        load().catch(() => undefined);
        return () => stop.abort();
    }, [id, stage, attempt, live]);
    useEffect(() => {
        // A reader who has scrolled up stays there, and isn't pulled away.
        if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
    }, [text]);
    const none = error instanceof ProblemError && error.status === 404;
    if (error !== undefined && none) return <p className="muted log-empty">{live ? 'It hasn’t printed anything yet.' : 'There is no log of this stage any more.'}</p>;
    if (error !== undefined && text === undefined) return <ErrorNotice error={error} />;
    if (text === undefined) return <Lines count={8} />;
    return (
        <pre
            className="log"
            ref={box}
            tabIndex={0}
            aria-label="Log"
            onScroll={(event) => {
                const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
                follows.current = scrollHeight - scrollTop - clientHeight < 24;
            }}
        >
            {text === '' ? 'Nothing was printed.' : text}
        </pre>
    );
}
