package import Foundation

/// The operator as a process of its own, to be killed.
package final class OperatorProcess: Sendable {
    private let process: Process
    package let logFile: URL

    /// Starts the operator that the build made, for one namespace.
    ///
    /// - Parameters:
    ///   - namespace: where it works.
    ///   - arguments: more of its options.
    package init(namespace: String, _ arguments: String..., environment: [String: String] = [:]) throws {
        logFile = URL(fileURLWithPath: NSTemporaryDirectory())
            .appendingPathComponent("report-operator-\(namespace)-\(UUID().uuidString.prefix(4)).log")
        try Data().write(to: logFile)
        process = Process()
        process.executableURL = Self.binary
        process.arguments =
            ["run", "--namespace", namespace, "--status-address", "off", "--log-level", "debug"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardError = try FileHandle(forWritingTo: logFile)
        try process.run()
    }

    /// Beside the bundle of tests, wherever the build put it.
    private static var binary: URL {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return folder.appendingPathComponent("report-operator")
    }

    package var pid: Int32 { process.processIdentifier }

    /// `kill -9`, and its end.
    package func crash() async {
        kill(process.processIdentifier, SIGKILL)
        _ = await exit()
    }

    /// SIGTERM, and its exit code.
    package func terminate() async -> Int32 {
        process.terminate()
        return await exit()
    }

    private func exit() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [process] in
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }

    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }
}
