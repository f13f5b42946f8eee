import Glibc
import ReportLayout
package import ReportRecords
import ReportRendering
import ReportStores

/// The rows of a result in a file: the documents of `report_rows` as they came, one after another.
///
/// They are read as often as a renderer needs them, one document at a time. Other rows than the result has are an error.
package struct RowFile: RowSource {
    private let path: String
    private let result: ReportResult

    package init(path: String, result: ReportResult) {
        self.path = path
        self.result = result
    }

    package func forEachRow(_ body: ([ResultValue]) throws -> Void) throws {
        guard let file = fopen(path, "rb") else { throw Self.fault(String(cString: strerror(errno))) }
        defer { fclose(file) }
        var count = 0
        while let rows = try Self.next(file) {
            for values in rows {
                guard values.count == result.columns.count else {
                    throw Self.fault("a row has \(values.count) values, but there are \(result.columns.count) columns")
                }
                count += 1
                try body(values)
            }
        }
        // A report that lacks rows must not look whole.
        guard count == result.rows else {
            throw Self.fault("there are \(count) rows, but \(result.rows) were published")
        }
    }

    /// The rows of the next document; nil at the end of the file.
    private static func next(_ file: UnsafeMutablePointer<FILE>) throws -> [[ResultValue]]? {
        var head = [UInt8](repeating: 0, count: 4)
        let count = fread(&head, 1, 4, file)
        if count == 0, feof(file) != 0 { return nil }
        let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
        // MongoDB's own limit.
        guard count == 4, (5...(16 << 20)).contains(length) else { throw fault("a document is cut off") }
        var bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            filled = 4 + fread(buffer.baseAddress.map { $0 + 4 }, 1, length - 4, file)
        }
        guard bytes.count == length else { throw fault("a document is cut off") }
        bytes.replaceSubrange(0..<4, with: head)
        guard let rows = RowDocument.rows(in: bytes) else { throw fault("a document is malformed") }
        return rows
    }

    private static func fault(_ detail: String) -> RenderError { RenderError(.rows, detail) }
}
