package import Foundation
import ProgramSupport

/// The operator as a process of its own, to be killed.
package final class OperatorProcess: Sendable {
    private let program: ChildProgram
    package let logFile: URL

    /// Starts the operator that the build made, for one namespace. `arguments` are more of its options, `environment`
    /// goes over that of the tests.
    package init(
        namespace: String, _ arguments: String..., statusAddress: String = "off", environment: [String: String] = [:]
    ) throws {
        logFile = URL(fileURLWithPath: NSTemporaryDirectory())
            .appendingPathComponent("report-operator-\(namespace)-\(UUID().uuidString.prefix(4)).log")
        program = try ChildProgram(
            [Self.binary.path, "run", "--namespace", namespace, "--status-address", statusAddress]
                + ["--log-level", "debug"] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { _, new in new },
            errors: .file(logFile))
    }

    package static var binary: URL { program("report-operator") }

    /// A program of ours: beside the bundle of tests, wherever the build put it.
    package static func program(_ name: String) -> URL {
        let beside = [Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments[0])]
            .compactMap { $0?.resolvingSymlinksInPath().deletingLastPathComponent() }
        let usual = LiveCluster.root.appendingPathComponent(".build/debug")
        let places = (beside + [usual]).map { $0.appendingPathComponent(name) }
        return places.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? places[0]
    }

    /// Runs the operator with options that are to end it soon; with status 124 it had to be stopped.
    package static func result(
        _ arguments: [String]
    ) async throws -> (status: Int32, output: String, errors: String) {
        try await Command.result(["timeout", "30", binary.path] + arguments)
    }

    package var pid: Int32 { program.pid }

    package var isRunning: Bool { program.isRunning }

    /// Nothing where it has ended.
    package func signal(_ number: Int32) { program.signal(number) }

    /// `kill -9`, and its end.
    package func crash() async {
        program.signal(SIGKILL)
        _ = await exitStatus()
    }

    /// SIGTERM, and its exit code.
    package func terminate() async -> Int32 {
        program.signal(SIGTERM)
        return await exitStatus()
    }

    /// Waits for its end.
    package func exitStatus() async -> Int32 { await program.status() }

    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }
}
