package import Foundation

/// A gateway of a test's own, as a program.
package final class GatewayReplica: Sendable {
    private let process: Process
    package let logFile: URL
    /// Of its API, such as `http://127.0.0.1:12345/api/v1`.
    package let address: String
    package let port: Int

    /// `namespace`: the only one whose reports it shows. `mongodbURI` goes by a file, where nobody sees it.
    package init(
        port: Int, namespace: String, mongodbURI: String?, kubeconfig: String? = nil, options: [String] = []
    ) throws {
        self.port = port
        address = "http://127.0.0.1:\(port)/api/v1"
        let folder = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        logFile = folder.appending(path: "log")
        try Data().write(to: logFile)
        process = Process()
        process.executableURL = OperatorProcess.program("report-gateway")
        var arguments = [
            "run", "--address", "127.0.0.1:\(port)", "--status-address", "off", "--log-level", "debug",
            "--courier-namespace", namespace,
        ]
        if let mongodbURI {
            let file = folder.appending(path: "uri")
            try Data(mongodbURI.utf8).write(to: file)
            arguments += ["--mongodb-uri-file", file.path]
        }
        if let kubeconfig { arguments += ["--kubeconfig", kubeconfig] }
        process.arguments = arguments + options
        var environment = ProcessInfo.processInfo.environment
        environment["MONGODB_URI"] = nil
        process.environment = environment
        process.standardError = try FileHandle(forWritingTo: logFile)
        try process.run()
    }

    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    package var pid: Int32 { process.processIdentifier }

    /// In KiB; nil where it doesn't run.
    package var residentKiB: Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// SIGTERM, as a rolling update does; returns its exit code.
    @discardableResult
    package func end() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
