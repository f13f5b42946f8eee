import { useEffect, useState } from 'react';
import { send } from '../api/client';
import { fileAddress } from '../api/operations';
import { Dialog } from '../parts/Dialog';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Blocks } from '../parts/Skeleton';

/**
 * The report's HTML, in a frame without scripts and without an origin. The frame loads it from the server, whose answer has
 * a policy of its own: a frame made of text would inherit the page's, which allows no styles within HTML.
 */
export function HtmlView({ id, open, close }: { id: string; open: boolean; close: () => void }) {
    const [state, setState] = useState<{ ready: boolean; error: unknown }>({ ready: false, error: undefined });
    const address = fileAddress(id, 'html', { inline: true });
    useEffect(() => {
        if (!open) return;
        // Made first, so that a refusal is said in words; the frame then has it from the browser's cache.
        send('GET', address, { headers: { Accept: 'text/html, application/problem+json' } })
            .then((response) => response.blob())
            .then(() => setState({ ready: true, error: undefined }))
            .catch((error: unknown) => setState({ ready: false, error }));
    }, [open, address]);
    return (
        <Dialog open={open} close={close} title="The report as a page" wide>
            {state.error !== undefined && <ErrorNotice error={state.error} />}
            {!state.ready && state.error === undefined && <Blocks count={1} height={400} />}
            {state.ready && <iframe className="html-view" title="The report as a page" sandbox="" src={address} />}
        </Dialog>
    );
}
