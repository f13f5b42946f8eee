import type { MouseEvent, ReactNode } from 'react';
import type { Route } from '../logic/routes';
import { go, href } from '../shell/navigation';

type Properties = { to: Route; children: ReactNode; className?: string; current?: boolean; onFollow?: () => void; label?: string };

/** A real link, so that it opens in a new tab as every other; a plain click stays within the page. */
export function Link({ to, children, className, current, onFollow, label }: Properties) {
    const follow = (event: MouseEvent) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onFollow?.();
        go(to);
    };
    return (
        <a href={href(to)} className={className} aria-current={current ? 'page' : undefined} aria-label={label} onClick={follow}>
            {children}
        </a>
    );
}
