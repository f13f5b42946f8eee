import { useLive } from '../live/store';
import type { Route } from '../logic/routes';
import { isOver } from '../logic/phases';
import { Link } from '../parts/Link';
import { Account } from './Account';

const parts: { label: string; to: Route; pages: Route['page'][] }[] = [
    { label: 'Ask', to: { page: 'ask' }, pages: ['ask', 'form'] },
    { label: 'Runs', to: { page: 'runs' }, pages: ['runs'] },
    { label: 'History', to: { page: 'history', filters: {} }, pages: ['history', 'report'] },
    { label: 'Schedules', to: { page: 'schedules' }, pages: ['schedules', 'schedule'] },
];

export function Header({ route, skip }: { route: Route; skip: () => void }) {
    const { requests } = useLive();
    const running = [...requests.values()].filter((request) => request.live && !isOver(request.phase)).length;
    return (
        <header className="header">
            <button type="button" className="skip" onClick={skip}>
                Skip to the content
            </button>
            <Link className="brand" to={{ page: 'ask' }}>
                <img src="favicon.svg" alt="" width="22" height="22" />
                <span>Reports</span>
            </Link>
            <nav aria-label="Main">
                <ul>
                    {parts.map(({ label, to, pages }) => (
                        <li key={label}>
                            <Link to={to} current={pages.includes(route.page)}>
                                {label}
                                {label === 'Runs' && running > 0 && (
                                    <span className="count">
                                        {running}
                                        <span className="visually-hidden"> going on</span>
                                    </span>
                                )}
                            </Link>
                        </li>
                    ))}
                </ul>
            </nav>
            <Account />
        </header>
    );
}
