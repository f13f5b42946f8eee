import Foundation
import KubernetesModel
import MongoClient
import ReportAPI
import ReportLayout
import ReportRecords
import Testing

@testable import CourierController

/// What the process that makes a file says below the table of rows that aren't of their columns' types.
struct RenderChildTests {
    /// The HTML file of rows with one column, and its layout's notes.
    private func page(_ rows: [BSONValue], notes: String? = nil) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "render-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let document: BSONDocument = ["rows": .array(rows.map { .array([$0]) })]
        let stored = folder.appending(path: "rows")
        try Data(document.bytes).write(to: stored)
        let result = ReportResult(
            uid: "uid", attempt: 1, publication: "p", buckets: 1, rows: rows.count,
            columns: [.init(name: "closing", type: "decimal")], publishedAt: Date(timeIntervalSince1970: 1_792_540_800))
        let identity = ReportIdentity(
            reportID: "uid", namespace: "finance", name: "tb", attempt: 1,
            publishedAt: Timestamp(seconds: 1_792_540_800), asOf: Timestamp(seconds: 1_792_540_000))
        let job = RenderJob(
            format: .html, layout: LayoutSpec(notes: notes), result: result, identity: identity, timeZone: "UTC")
        let described = folder.appending(path: "job")
        try JSONEncoder().encode(job).write(to: described)
        let output = folder.appending(path: "page.html")
        let outcome = RenderChild.outcome(job: described.path(), rows: stored.path(), output: output.path())
        #expect(outcome == .made)
        return try String(contentsOf: output, encoding: .utf8)
    }

    @Test func misfitsAreSaidBelowTheLayoutsNotes() throws {
        let page = try page([.int64(5), .double(10.5), .string("x")], notes: "At cost.")
        #expect(page.contains("At cost."))
        // Its apostrophes are escaped.
        #expect(page.contains("the first: line 2, column closing (decimal): 10.5 is a float"))
    }

    @Test func nothingIsSaidWhereAllFits() throws {
        #expect(try !page([.int64(5), .null]).contains("column"))
    }
}
