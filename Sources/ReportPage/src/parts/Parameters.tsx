import { readable } from '../logic/parameters';

/** Parameters on one line, as they tell one report of a kind from another. */
export function Parameters({ parameters }: { parameters: Record<string, string> | undefined }) {
    const entries = Object.entries(parameters ?? {});
    if (entries.length === 0) return null;
    return (
        <p className="parameters">
            {entries.map(([name, value]) => (
                <span key={name} title={`${name}: ${value}`}>
                    {readable(value)}
                </span>
            ))}
        </p>
    );
}
