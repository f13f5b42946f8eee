package import Foundation
import ProgramSupport

/// A courier of a test's own, as a program.
package final class CourierProcess: Sendable {
    private let program: ChildProgram
    private let folder: URL

    package let logFile: URL

    /// `database`: in place of the one that the connection string names. `kubeconfig`: of its cluster; without one there is
    /// none that answers. `environment`: besides the tests' own.
    package init(
        uri: String, database: String? = nil, kubeconfig: String? = nil, options: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "courier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var parts = URLComponents(string: uri)
        if let database { parts?.path = "/\(database)" }
        let file = folder.appending(path: "uri")
        try Data((parts?.string ?? uri).utf8).write(to: file)
        let nowhere = folder.appending(path: "kubeconfig")
        try Data(Self.nowhere.utf8).write(to: nowhere)
        logFile = folder.appending(path: "log")
        program = try ChildProgram(
            [OperatorProcess.program("report-courier").path, "run", "--status-address", "off"]
                + ["--mongodb-uri-file", file.path, "--work-folder", folder.path]
                + ["--kubeconfig", kubeconfig ?? nowhere.path, "--log-level", "debug"] + options,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, errors: .file(logFile))
    }

    private static let nowhere = """
        apiVersion: v1
        kind: Config
        clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: none, user: {}}]
        contexts: [{name: none, context: {cluster: none, user: none, namespace: none}}]
        current-context: none
        """

    package var pid: Int32 { program.pid }

    package var isRunning: Bool { program.isRunning }

    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// What it keeps for deliveries that are under way.
    package var keptFiles: [String] { files(in: "report-courier-deliveries") }

    /// What it has while reports are fetched and files are made.
    package var unfinishedFiles: [String] { files(in: "report-courier-making") }

    private func files(in name: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path)) ?? []
    }

    /// `kill -9`.
    package func crash() { program.end(SIGKILL) }

    package func end() {
        program.end()
        try? FileManager.default.removeItem(at: folder)
    }
}
