import { useState } from 'react';
import { send } from '../api/client';
import { fileAddress } from '../api/operations';
import type { Format, Report } from '../api/types';
import { fileNameOf } from '../logic/fileName';
import { ErrorNotice } from '../parts/ErrorNotice';
import { formatLabel, formatUse } from '../parts/FormatChoice';
import { HtmlView } from './HtmlView';

/** Its files. Each is made when it is first asked for, which may take a moment. */
export function Files({ id, report, over }: { id: string; report: Report; over: boolean }) {
    const [busy, setBusy] = useState<Format>();
    const [error, setError] = useState<unknown>();
    const [viewing, setViewing] = useState(false);
    const fetchFile = (format: Format) => {
        setBusy(format);
        setError(undefined);
        download(id, format)
            .catch(setError)
            .finally(() => setBusy(undefined));
    };
    return (
        <section className="panel at-files" aria-labelledby="section-files">
            <h2 id="section-files">Files</h2>
            {report.formats.length === 0 && <p className="muted">{whyNone(report, over)}</p>}
            <ul className="files">
                {report.formats.map((format) => (
                    <li key={format}>
                        <a
                            href={fileAddress(id, format)}
                            aria-busy={busy === format}
                            onClick={(event) => {
                                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                                event.preventDefault();
                                if (busy === undefined) fetchFile(format);
                            }}
                        >
                            <span className={`file-mark ${format}`} aria-hidden="true">
                                {formatLabel(format)}
                            </span>
                            <span>
                                <span className="visually-hidden">{formatLabel(format)}: </span>
                                {busy === format ? 'Making the file …' : `Download ${formatLabel(format)}`}
                                <span className="muted small block">{formatUse(format)}</span>
                            </span>
                        </a>
                    </li>
                ))}
            </ul>
            {error !== undefined && <ErrorNotice error={error} what="The file can’t be had" />}
            {report.formats.includes('html') && (
                <button type="button" className="no-print" onClick={() => setViewing(true)}>
                    View as a page
                </button>
            )}
            <HtmlView id={id} open={viewing} close={() => setViewing(false)} />
        </section>
    );
}

function whyNone(report: Report, over: boolean): string {
    if (!over) return 'They can be had once it is done.';
    return report.result?.offloaded ? 'They are in an archive, with the rows.' : 'It published no rows, so there are no files.';
}

/** Fetched by the page, so that a refusal is said here and not in a tab of its own. */
async function download(id: string, format: Format): Promise<void> {
    const response = await send('GET', fileAddress(id, format), { headers: { Accept: '*/*' } });
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = url;
    link.download = fileNameOf(response.headers.get('Content-Disposition')) ?? `${id}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
