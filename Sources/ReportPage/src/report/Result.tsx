import { getRows } from '../api/operations';
import type { Offload, Report } from '../api/types';
import { ActionButton } from '../parts/ActionButton';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Moment } from '../parts/Moment';
import { Blocks } from '../parts/Skeleton';
import { ChartFigure } from './ChartFigure';
import { RowsTable } from './RowsTable';
import { useRows } from './useRows';

type Properties = { id: string; report: Report; result: NonNullable<Report['result']>; reload: () => void };

const count = new Intl.NumberFormat('en');

/** What it published: charts of the layout, and all its rows; or where they are now. */
export function Result({ id, report, result, reload }: Properties) {
    if (result.offloaded) return <Offloaded id={id} result={result} offload={result.offloaded} reload={reload} />;
    return <Published id={id} report={report} result={result} />;
}

/** Rows and files are in an archive, from which a courier that was given it brings them back; else a command does. */
function Offloaded({ id, result, offload, reload }: Omit<Properties, 'report'> & { offload: Offload }) {
    // Asking for rows has them fetched.
    const fetchBack = () => getRows(id, { limit: 1 }, new AbortController().signal).then(reload);
    return (
        <section className="panel at-result" aria-labelledby="section-rows">
            <h2 id="section-rows">Rows</h2>
            <Empty title="The rows and files are offloaded">
                <p>
                    {count.format(result.rows)} {result.rows === 1 ? 'row' : 'rows'} and the files are in the archive <code>{offload.archive}</code> since <Moment at={offload.at} />.
                </p>
            </Empty>
            <p className="actions">
                <ActionButton label="Bring them back" act={fetchBack} primary />
            </p>
        </section>
    );
}

function Published({ id, report, result }: Omit<Properties, 'reload'>) {
    const { rows, columns, loading, error, retry, total, cut, warning } = useRows(id, `${result.attempt ?? ''} ${result.publishedAt}`, result);
    const charts = report.charts ?? [];
    return (
        <>
            {charts.length > 0 && result.rows > 0 && (
                <section className="panel at-result" aria-labelledby="section-charts">
                    <h2 id="section-charts">{charts.length === 1 ? 'Chart' : 'Charts'}</h2>
                    {loading && rows.length === 0 ? <Blocks count={1} height={280} /> : charts.map((chart, index) => <ChartFigure key={index} chart={chart} columns={columns} rows={rows} />)}
                </section>
            )}
            <section className="panel at-result" aria-labelledby="section-rows">
                <div className="panel-head">
                    <h2 id="section-rows">Rows</h2>
                    <p className="muted small" role="status">
                        {loading && rows.length < total ? `${count.format(rows.length)} of ${count.format(total)} loaded …` : `${count.format(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`}
                        {' · as of '}
                        <Moment at={result.asOf} />
                    </p>
                </div>
                {cut && <p className="notice calm">Only the first {count.format(rows.length)} of {count.format(total)} rows are shown. The files have them all.</p>}
                {warning !== undefined && <p className="notice calm">{warning}</p>}
                {error !== undefined && <ErrorNotice error={error} retry={retry} what="The rows can’t be shown" />}
                {result.rows === 0 && <Empty title="The report has no rows">It ran well, and there was nothing to report.</Empty>}
                {loading && rows.length === 0 && result.rows > 0 && <Blocks count={8} height={28} />}
                {rows.length > 0 && <RowsTable columns={columns} rows={rows} name={report.title ?? report.request.title ?? 'Report'} layout={result} whole={!loading && !cut} />}
            </section>
        </>
    );
}
