import { ConnectionError, ProblemError } from '../api/problem';

/** What went wrong, in the API's words, and what to do about it. */
export function ErrorNotice({ error, retry, what }: { error: unknown; retry?: (() => void) | undefined; what?: string }) {
    const problem = error instanceof ProblemError ? error.problem : undefined;
    // The dialog that asks her to sign in says it already.
    const title = problem?.title ?? (error instanceof ConnectionError ? 'No connection' : 'That didn’t work');
    const detail = problem ? problem.detail : error instanceof Error ? error.message : String(error);
    return (
        <div className={`notice ${problem?.status === 403 ? 'warn' : 'bad'}`} role="alert">
            <p className="strong">
                {what !== undefined ? `${what}: ` : ''}
                {title}
            </p>
            {detail !== undefined && detail !== title && <p>{detail}</p>}
            {problem?.status === 403 && detail === undefined && <p>Whoever runs the cluster can grant it to you.</p>}
            {problem?.errors && problem.errors.length > 0 && (
                <ul>
                    {problem.errors.map((field) => (
                        <li key={`${field.field} ${field.message}`}>
                            <span className="strong">{field.field.replace(/^parameters\./, '')}</span>: {field.message}
                        </li>
                    ))}
                </ul>
            )}
            {retry && problem?.status !== 403 && problem?.status !== 404 && (
                <button type="button" onClick={retry}>
                    Try again
                </button>
            )}
        </div>
    );
}
