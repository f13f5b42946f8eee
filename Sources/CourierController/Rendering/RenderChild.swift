import Calendars
import FoundationEssentials
import Glibc
import ReportAPI
import ReportLayout
import ReportRecords
import ReportRendering
import ZoneFiles

/// What the process does that makes one file: reads the job and the rows from files, writes the file, and says what came
/// of it.
package enum RenderChild {
    package static func outcome(job: String, rows: String, output: String) -> RenderOutcome {
        do {
            guard let data = FileManager.default.contents(atPath: job) else { return .failed("there is no \(job)") }
            let job = try JSONDecoder().decode(RenderJob.self, from: data)
            let zone = try ZoneFiles().rules(job.timeZone)
            var layout = try TableLayout(
                spec: job.layout, result: job.result, identity: job.identity, pipelineTitle: job.pipelineTitle,
                parameters: job.parameters, zone: zone, zoneName: job.timeZone)
            let descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return .failed("can't write the file: \(String(cString: strerror(errno)))") }
            defer { close(descriptor) }
            let rows = RowFile(path: rows, result: job.result)
            if job.format != .csv, let misfits = try misfits(rows, job.result) {
                layout.notes = [layout.notes, misfits].compactMap(\.self).joined(separator: "\n")
            }
            if let only = job.only, !only.isEmpty {
                let some = FilteredRows(rows, filter: try RowFilter(only, of: job.result.columns))
                layout.rowCount = try some.count()
                try render(job.format, layout, some, descriptor)
            } else {
                try render(job.format, layout, rows, descriptor)
            }
            return .made
        } catch let faults as LayoutFaults {
            return .refused(faults.messages)
        } catch let unknown as ZoneFiles.Unknown {
            return .refused(["spec.report.timeZone: \(unknown)"])
        } catch {
            return .failed("\(error)")
        }
    }

    /// What a reader is told of values that aren't of their columns' types, below the table; nil where all are.
    private static func misfits(_ rows: RowFile, _ result: ReportResult) throws -> String? {
        var check = ColumnCheck(result.columns)
        try rows.forEachRow { check.take($0) }
        return check.sentence
    }

    private static func render(
        _ format: OutputFormat, _ layout: TableLayout, _ rows: some RowSource, _ descriptor: Int32
    ) throws {
        switch format {
        case .pdf: try PDFRenderer.render(layout, rows: rows, to: descriptor)
        case .xlsx: try WorkbookRenderer.render(layout, rows: rows, to: descriptor)
        case .csv: try CSVRenderer.render(layout, rows: rows, to: descriptor)
        case .html: try HTMLRenderer.render(layout, rows: rows, to: descriptor)
        case .json: try JSONRenderer.render(layout, rows: rows, to: descriptor)
        }
    }
}
