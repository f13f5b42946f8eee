package import Foundation
import LoopbackSupport
import ProgramSupport

/// A gateway of a test's own, as a program.
package final class GatewayProcess: Sendable {
    private let program: ChildProgram
    private let folder: URL

    /// Where it listens, on the loopback.
    package let port: Int
    /// Of its status page.
    package let statusPort: UInt16
    package let logFile: URL

    /// `port`: nil for a free one. `kubeconfig`: of its cluster; nil: that of the environment. `uri`: MongoDB's, which goes by a
    /// file, where nobody sees it; `database` in place of the one that it names.
    package init(
        port: Int? = nil, kubeconfig: String? = nil, uri: String? = nil, database: String? = nil, options: [String] = []
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.port = port ?? Int(FreePort.find())
        statusPort = FreePort.find()
        var command = [OperatorProcess.program("report-gateway").path, "run"]
        command += ["--address", "127.0.0.1:\(self.port)", "--status-address", "127.0.0.1:\(statusPort)"]
        if let kubeconfig { command += ["--kubeconfig", kubeconfig] }
        if let uri {
            var parts = URLComponents(string: uri)
            if let database { parts?.path = "/\(database)" }
            let file = folder.appending(path: "uri")
            try Data((parts?.string ?? uri).utf8).write(to: file)
            command += ["--mongodb-uri-file", file.path]
        }
        logFile = folder.appending(path: "log")
        var environment = ProcessInfo.processInfo.environment
        environment["MONGODB_URI"] = nil
        program = try ChildProgram(command + options, environment: environment, errors: .file(logFile))
    }

    package var isRunning: Bool { program.isRunning }

    package var pid: Int32 { program.pid }

    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// In KiB; nil where it doesn't run.
    package var residentKiB: Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// Waits for a line of its log with all of those words.
    package func waitForLine(_ words: String..., within limit: Duration = .seconds(120)) async throws {
        try await eventually(
            "the gateway logs \(words): \(log.suffix(2000))", within: limit, every: .milliseconds(50)
        ) {
            Lines.has((try? Data(contentsOf: logFile)) ?? Data(), with: words)
        }
    }

    /// Waits until it takes connections.
    package func waitUntilServing(within limit: Duration = .seconds(120)) async throws {
        try await eventually("the gateway listens: \(log.suffix(2000))", within: limit, every: .milliseconds(50)) {
            guard let connection = LoopbackConnection.open(toPort: port) else { return false }
            connection.close()
            return true
        }
    }

    /// An address of its own, without anything before it.
    package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Of its API, such as `http://127.0.0.1:12345/api/v1`.
    package var api: String { url("/api/v1") }

    /// SIGTERM, as a rolling update does; returns its exit code.
    @discardableResult
    package func end() -> Int32 {
        defer { try? FileManager.default.removeItem(at: folder) }
        return program.end()
    }
}
