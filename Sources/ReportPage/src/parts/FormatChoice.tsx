import type { Format } from '../api/types';
import { FieldFault } from './Field';

const formats: { format: Format; label: string; what: string }[] = [
    { format: 'pdf', label: 'PDF', what: 'to read and print' },
    { format: 'xlsx', label: 'Excel', what: 'to calculate with' },
    { format: 'csv', label: 'CSV', what: 'for other programs' },
    { format: 'html', label: 'HTML', what: 'a web page' },
    { format: 'json', label: 'JSON', what: 'for programs' },
];

export const formatLabel = (format: string): string => formats.find((known) => known.format === format)?.label ?? format.toUpperCase();
export const formatUse = (format: string): string => formats.find((known) => known.format === format)?.what ?? '';

type Properties = { id: string; legend: string; chosen: readonly Format[]; change: (formats: Format[]) => void; offered?: readonly Format[]; error?: string | undefined };

export function FormatChoice({ id, legend, chosen, change, offered, error }: Properties) {
    const shown = formats.filter(({ format }) => !offered || offered.includes(format));
    return (
        <fieldset className="choices" aria-describedby={error === undefined ? undefined : `${id}-fault`}>
            <legend>{legend}</legend>
            <div className="tiles">
                {shown.map(({ format, label, what }) => (
                    <label key={format} className="tile">
                        <input
                            type="checkbox"
                            checked={chosen.includes(format)}
                            onChange={(event) => change(shown.map((known) => known.format).filter((known) => (known === format ? event.target.checked : chosen.includes(known))))}
                        />
                        <span className="strong">{label}</span>
                        <span className="muted small">{what}</span>
                    </label>
                ))}
            </div>
            <FieldFault id={id} error={error} />
        </fieldset>
    );
}
