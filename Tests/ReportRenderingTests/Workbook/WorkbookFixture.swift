import Foundation
import Glibc
import KubernetesModel
import ReportRecords
import Testing

@testable import Calendars
@testable import ReportLayout
@testable import ReportRendering

/// A report to make a workbook of.
struct WorkbookFixture {
    var layout: TableLayout
    var rows: [[ResultValue]]

    /// An hour east of UTC.
    static let zone = ZoneRules(transitions: [], offsets: [], initialOffset: 3600, rule: nil)

    /// A column has a name, a kind, a code, and a total or none.
    init(
        _ columns: [(String, TableColumn.Kind, String?, Bool)], _ rows: [[ResultValue]], title: String = "Balance",
        groupBy: [Int] = []
    ) throws {
        let published = try columns.map { name, kind, code, hasTotal in
            TableColumn(
                name: name, title: name, kind: kind,
                format: ValueFormat(
                    code: try code.map { try FormatCode($0) }, kind: kind, locale: .american, zone: Self.zone),
                total: hasTotal ? .sum : .none)
        }
        layout = TableLayout(
            identity: ReportIdentity(
                reportID: "0b8f", namespace: "finance", name: "tb", pipeline: "trial-balance", attempt: 1,
                publishedAt: Timestamp(seconds: 1_793_448_000), asOf: Timestamp(seconds: 1_793_447_000)),
            title: title, empty: "Nothing.", locale: .american, zone: Self.zone, zoneName: "Europe/Berlin",
            pageSize: .a4, published: published, shown: Array(published.indices), groupBy: groupBy, charts: [],
            rowCount: rows.count)
        self.rows = rows
    }

    /// Writes it to a file of its own, which goes with the returned folder.
    func write(rowLimit: UInt32 = 1_048_576, temporaryFolder: String = "/tmp") throws -> WorkbookOnDisk {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/report.xlsx"
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try WorkbookRenderer.render(
            layout, rows: RowList(rows), to: descriptor, temporaryFolder: temporaryFolder, rowLimit: rowLimit)
        return WorkbookOnDisk(folder: folder, path: path)
    }
}

/// Goes with its last owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/workbook-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension ResultValue {
    static func exact(_ text: String) throws -> ResultValue { .decimal(try #require(ExactDecimal(text))) }
    static func day(_ text: String) throws -> ResultValue { try moment("\(text)T00:00:00Z") }
    static func moment(_ text: String) throws -> ResultValue {
        .date(milliseconds: try #require(Timestamp(text)).seconds * 1000)
    }
}
