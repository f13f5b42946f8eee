import type { ParameterSpec, Request } from '../api/types';
import { FieldValues, fingerprint, recordedValues } from './parameters';

const day = 86_400_000;

/**
 * A report of the same pipeline and parameters that goes on, or has succeeded within a day: she may not have to ask again.
 * One that goes on comes first, then the newest.
 */
export function similarReport(
    requests: Iterable<Request>,
    pipeline: { namespace: string; name: string; parameters: readonly ParameterSpec[] },
    values: FieldValues,
    now: number,
): Request | undefined {
    const wanted = fingerprint(pipeline.parameters, values);
    const found = [...requests].filter((request) => {
        if (request.namespace !== pipeline.namespace || request.pipeline !== pipeline.name) return false;
        const goesOn = request.phase === 'Queued' || request.phase === 'Running';
        const fresh = request.phase === 'Succeeded' && now - Date.parse(request.completedAt ?? request.createdAt) < day;
        return (goesOn || fresh) && fingerprint(pipeline.parameters, recordedValues(pipeline.parameters, request.parameters)) === wanted;
    });
    const rank = (request: Request) => (request.phase === 'Succeeded' ? 1 : 0);
    return found.sort((a, b) => rank(a) - rank(b) || Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
}
