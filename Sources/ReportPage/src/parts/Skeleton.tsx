/** Where something will be, in about its size, so that nothing jumps when it is there. */
export function Lines({ count = 3 }: { count?: number }) {
    return (
        <div className="skeleton-lines" aria-hidden="true">
            {Array.from({ length: count }, (_, index) => (
                <span key={index} className="skeleton" style={{ width: `${[92, 78, 85, 64, 88][index % 5]}%` }} />
            ))}
        </div>
    );
}

export function Blocks({ count, height }: { count: number; height: number }) {
    return (
        <div className="stack" role="status">
            <span className="visually-hidden">Loading</span>
            {Array.from({ length: count }, (_, index) => (
                <span key={index} className="skeleton block" style={{ height }} aria-hidden="true" />
            ))}
        </div>
    );
}

export function PageSkeleton() {
    return (
        <div className="stack" role="status">
            <span className="visually-hidden">Loading</span>
            <span className="skeleton title" aria-hidden="true" />
            <Lines count={5} />
        </div>
    );
}
