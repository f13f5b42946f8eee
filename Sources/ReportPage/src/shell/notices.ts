import type { Me, Request } from '../api/types';
import { store } from '../live/store';
import { leads } from '../live/tabs';
import { isMine, isOver } from '../logic/phases';
import type { Route } from '../logic/routes';
import { go } from './navigation';

export type Notice = { id: string; title: string; text: string; tone: 'ok' | 'bad'; to?: Route };

const listeners = new Set<(notice: Notice) => void>();

export function tell(notice: Notice): void {
    for (const listener of listeners) listener(notice);
}

/** Tells her when a run that she asked for ends: on the page, and through the system where she has allowed it. */
export function listenForEnds(me: Me, listener: (notice: Notice) => void): () => void {
    listeners.add(listener);
    const stop = store.onEvent((event, before, after) => {
        if (event.type !== 'request') return;
        const id = idOf(event.data);
        const [old, request] = [before.requests.get(id), after.requests.get(id)];
        // What ended before this page knew of it is history.
        if (!old || !request || isOver(old.phase) || !isOver(request.phase) || !isMine(request, me)) return;
        const notice = ended(request);
        listener(notice);
        if (leads()) throughSystem(notice);
    });
    return () => {
        listeners.delete(listener);
        stop();
    };
}

function idOf(data: string): string {
    try {
        return (JSON.parse(data) as Request).id;
    } catch {
        return '';
    }
}

function ended(request: Request): Notice {
    const title = `${request.title ?? request.pipeline ?? 'Report'}${nameParameters(request)}`;
    const to: Route = { page: 'report', id: request.id };
    switch (request.phase) {
        case 'Succeeded':
            return { id: request.id, title, text: 'The report is done.', tone: 'ok', to };
        case 'Cancelled':
            return { id: request.id, title, text: 'It was cancelled.', tone: 'bad', to };
        default:
            return { id: request.id, title, text: `It failed. ${request.message ?? ''}`.trim(), tone: 'bad', to };
    }
}

function nameParameters(request: Request): string {
    const values = Object.values(request.parameters ?? {});
    return values.length > 0 && values.length < 4 ? ` (${values.join(', ')})` : '';
}

function throughSystem(notice: Notice): void {
    if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return;
    try {
        const shown = new Notification(notice.title, { body: notice.text, tag: notice.id, icon: new URL('favicon.svg', document.baseURI).href });
        shown.onclick = () => {
            window.focus();
            if (notice.to) go(notice.to);
            shown.close();
        };
    } catch {
        // Chromium on Android takes them from service workers alone.
    }
}
