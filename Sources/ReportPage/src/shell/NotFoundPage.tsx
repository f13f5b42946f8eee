import { Link } from '../parts/Link';
import { useTitle } from '../parts/useTitle';

export function NotFoundPage() {
    useTitle('Not found');
    return (
        <>
            <h1>There is no such page</h1>
            <p>The address may be misspelled, or from an older version of this page.</p>
            <p>
                <Link to={{ page: 'ask' }}>Ask for a report</Link>, or look in the <Link to={{ page: 'history', filters: {} }}>history</Link>.
            </p>
        </>
    );
}
