import { cancelRequest, retryRequest } from '../api/operations';
import type { Request, Rights } from '../api/types';
import { store } from '../live/store';
import { mayRetry } from '../logic/phases';
import { ActionButton } from '../parts/ActionButton';
import { ConfirmButton } from '../parts/ConfirmButton';
import { ChangeButton } from './ChangeButton';

/** What may be done with a run in its state. Without the right the button says who can grant it. */
export function RunActions({ request, may }: { request: Request; may: Rights }) {
    if (!request.live) return null;
    const reason = may.change ? undefined : `You may not change requests in ${request.namespace}. Whoever runs the cluster can grant it.`;
    const take = (changed: Request) => store.takeRequests([changed]);
    return (
        <>
            {request.phase === 'Queued' && <ChangeButton request={request} disabled={!may.change} reason={reason} />}
            {(request.phase === 'Queued' || request.phase === 'Running') && (
                <ConfirmButton label="Cancel" title="Cancel this report?" confirm="Cancel the report" act={() => cancelRequest(request).then(take)} danger disabled={!may.change} reason={reason}>
                    <p>
                        {request.phase === 'Running' ? 'Its stages are stopped.' : 'It leaves the queue.'} The record stays, and it can be taken up again later.
                    </p>
                </ConfirmButton>
            )}
            {mayRetry(request) && <ActionButton label="Retry" act={() => retryRequest(request).then(take)} disabled={!may.change} reason={reason} />}
        </>
    );
}
