import Foundation
import Glibc
import ReportLayout
import ReportRendering

/// A file that a renderer made, removed with the value.
final class RenderedFile {
    let path: String

    init(_ render: (_ descriptor: Int32) throws -> Void) throws {
        path = NSTemporaryDirectory() + "rendered-\(UUID().uuidString)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(descriptor) }
        try render(descriptor)
    }

    convenience init(
        _ renderer: any ReportRenderer.Type, _ layout: TableLayout, _ rows: some RowSource
    ) throws {
        try self.init { try renderer.render(layout, rows: rows, to: $0) }
    }

    deinit { unlink(path) }

    var bytes: Data { FileManager.default.contents(atPath: path) ?? Data() }
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
