import type { Offload, Report } from '../api/types';
import { Empty } from '../parts/Empty';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Moment } from '../parts/Moment';
import { Blocks } from '../parts/Skeleton';
import { ChartFigure } from './ChartFigure';
import { RowsTable } from './RowsTable';
import { useRows } from './useRows';

type Properties = { id: string; report: Report; result: NonNullable<Report['result']> };

const count = new Intl.NumberFormat('en');

/** What it published: charts of the layout, and all its rows; or where they are now. */
export function Result({ id, report, result }: Properties) {
    if (result.offloaded) return <Offloaded result={result} offload={result.offloaded} />;
    return <Published id={id} report={report} result={result} />;
}

/** Rows and files are in an archive, from which a command brings them back. */
function Offloaded({ result, offload }: { result: Properties['result']; offload: Offload }) {
    return (
        <section className="panel at-result" aria-labelledby="section-rows">
            <h2 id="section-rows">Rows</h2>
            <Empty title="The rows and files are offloaded">
                {count.format(result.rows)} {result.rows === 1 ? 'row' : 'rows'} and the files are in the archive <code>{offload.archive}</code> since <Moment at={offload.at} />. Who runs the reports can bring them back with{' '}
                <code>{offload.command}</code>.
            </Empty>
        </section>
    );
}

function Published({ id, report, result }: Properties) {
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
