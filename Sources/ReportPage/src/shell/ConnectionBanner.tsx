import { useEffect, useState } from 'react';
import { useConnection } from '../live/store';

/** Says that nothing is live for now. Not for a moment's gap, which a restart of one replica is. */
export function ConnectionBanner() {
    const connection = useConnection();
    const [shown, setShown] = useState(false);
    const lost = connection === 'lost';
    useEffect(() => {
        if (!lost) {
            setShown(false);
            return undefined;
        }
        const timer = setTimeout(() => setShown(true), 1_500);
        return () => clearTimeout(timer);
    }, [lost]);
    return (
        <div className="banner-place" role="status">
            {shown && lost && (
                <p className="banner warn">
                    <span className="pulse" aria-hidden="true" />
                    Connection lost — reconnecting. What you see may be out of date; it goes on by itself.
                </p>
            )}
        </div>
    );
}
