import Foundation

/// A courier of a test's own, as a program.
package final class CourierProcess: Sendable {
    private let process: Process
    private let folder: URL

    /// `database`: in place of the one that the connection string names.
    package init(uri: String, database: String? = nil, options: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "courier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var parts = URLComponents(string: uri)
        if let database { parts?.path = "/\(database)" }
        let file = folder.appending(path: "uri")
        try Data((parts?.string ?? uri).utf8).write(to: file)
        process = Process()
        process.executableURL = OperatorProcess.program("report-courier")
        process.arguments =
            ["run", "--status-address", "off", "--mongodb-uri-file", file.path, "--work-folder", folder.path] + options
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    package func end() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
