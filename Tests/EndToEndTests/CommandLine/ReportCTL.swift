import ClusterSupport
import Foundation
import Glibc
import LoopbackSupport
import ProgramSupport

/// The command line tool as people and scripts run it.
struct ReportCTL: Sendable {
    typealias Result = (status: Int32, output: String, errors: String)

    /// Options that every command gets: which cluster, as whom, where.
    var place: [String]
    var environment: [String: String] = [:]

    /// In the scene's namespace.
    init(_ scene: Scene) { place = ["-n", scene.namespace] }

    init(place: [String] = []) { self.place = place }

    static var binary: URL { OperatorProcess.binary.deletingLastPathComponent().appendingPathComponent("reportctl") }

    /// In a pipe.
    func run(_ arguments: String...) async throws -> Result { try await run(arguments) }

    func run(_ arguments: [String]) async throws -> Result { try await Command.result(command(arguments)) }

    /// In a pseudo-terminal of 100 columns; what it shows, escape sequences and all, is the output.
    func runInTerminal(_ arguments: String..., variables: [String: String] = [:]) async throws -> Result {
        try await Command.result(inTerminal(arguments, variables))
    }

    /// Goes on beside the test.
    func start(_ arguments: String...) throws -> RunningCommand {
        try RunningCommand(command(arguments))
    }

    /// As `start`, in a pseudo-terminal.
    func startInTerminal(_ arguments: String...) throws -> RunningCommand {
        try RunningCommand(inTerminal(arguments, [:]))
    }

    private func inTerminal(_ arguments: [String], _ variables: [String: String]) -> [String] {
        var terminal = self
        terminal.environment.merge(["TERM": "xterm", "LANG": "C.UTF-8"]) { _, new in new }
        terminal.environment.merge(variables) { _, new in new }
        let line = terminal.command(arguments).map(Self.quoted).joined(separator: " ")
        return ["script", "-qec", "stty cols 100; \(line)", "/dev/null"]
    }

    private func command(_ arguments: [String]) -> [String] {
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        // SwiftPM sets NO_COLOR where its own output goes into a file.
        return ["env", "-u", "NO_COLOR"] + variables + ["timeout", "240", Self.binary.path] + arguments + place
    }

    private static func quoted(_ word: String) -> String { "'\(word.replacing("'", with: "'\\''"))'" }
}

/// A program that the test waits for later, or interrupts.
final class RunningCommand: Sendable {
    private let program: ChildProgram
    private let folder: URL

    init(_ arguments: [String]) throws {
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("reportctl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        program = try ChildProgram(
            arguments, output: .file(folder.appending(path: "output")), errors: .file(folder.appending(path: "errors")))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var output: String { text("output") }

    var errors: String { text("errors") }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }

    /// Waits until it has printed what is looked for, at least that number of times.
    func printed(_ what: String, times: Int = 1, within limit: Duration = .seconds(120)) async throws {
        // A file tells nobody that it has grown.
        try await eventually(
            "printed: \(what); but: \(output)\n\(errors)", within: limit, every: .milliseconds(50)
        ) {
            (output + errors).components(separatedBy: what).count > times
        }
    }

    /// As Ctrl-C does it, to the program itself, not to the `timeout` around it.
    func interrupt() throws {
        let pid = program.pid
        let children = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        for child in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(child, SIGINT) }
    }

    func status() async -> Int32 { await program.status(within: .seconds(300)) }
}
