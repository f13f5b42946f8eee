package import Foundation
import Glibc
import ProgramSupport
import Synchronization

/// A real mosquitto on the loopback, with a folder of its own. Ended by its process id, at the latest with its last mention.
///
/// For example:
///
///     let broker = try MosquittoBroker(["allow_anonymous true"])
///     try await broker.start()
///     defer { broker.remove() }
package final class MosquittoBroker: Sendable {
    package let port: UInt16
    package let folder: URL
    private let lines: [String]
    private let program = Mutex<ChildProgram?>(nil)

    /// Where Debian has it.
    package static let path = "/usr/sbin/mosquitto"

    /// `lines` of its configuration; in them `FOLDER` is the folder.
    package init(_ lines: [String], files: [String: String] = [:]) throws {
        port = FreePort.find()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("mosquitto-\(UUID().uuidString)")
        self.lines = lines
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
            // It won't read a password file that others may.
            chmod(folder.appendingPathComponent(name).path, 0o600)
        }
    }

    deinit { kill() }

    /// What `mosquitto_passwd` makes of a user.
    package func setPassword(_ password: String, of user: String) async throws {
        let file = folder.appendingPathComponent("passwords").path
        try await run("mosquitto_passwd", ["-b", "-c", file, user, password])
    }

    /// Returns once it takes connections.
    package func start() async throws {
        let text = lines.map { $0.replacingOccurrences(of: "FOLDER", with: folder.path) }
        // The first lines are the listener's, so that what follows is of it.
        let configuration = (["listener \(port) 127.0.0.1", "user root"] + text).joined(separator: "\n") + "\n"
        let file = folder.appendingPathComponent("mosquitto.conf")
        try Data(configuration.utf8).write(to: file)
        let log = folder.appendingPathComponent("log")
        let started = try ChildProgram([Self.path, "-c", file.path], output: .file(log), errors: .file(log))
        program.withLock { $0 = started }
        try await eventually("mosquitto: \(log.path)") {
            guard let socket = LoopbackSocket.connect(to: Int(port)) else { return false }
            close(socket)
            return true
        }
    }

    /// Ends it as the system would, so that it saves what it keeps. Returns when it is gone.
    package func stop() { program.withLock { $0.take() }?.end() }

    /// Without a farewell.
    package func kill() { program.withLock { $0.take() }?.end(SIGKILL) }

    /// Holds it as it is: connections stand, and nobody answers.
    package func freeze() { program.withLock { $0 }?.signal(SIGSTOP) }

    package func thaw() { program.withLock { $0 }?.signal(SIGCONT) }

    /// Ends it, and its folder.
    package func remove() {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    package var log: String {
        (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? ""
    }

    // MARK: Other clients

    /// What `mosquitto_sub` reads, a line for each message, until there are enough; `format` as its manual says.
    ///
    /// `reader`: for whom the broker keeps what comes there.
    package func read(
        _ count: Int, of topic: String, as reader: String? = nil, format: String = "%r %t %p", within seconds: Int = 20
    ) async throws -> [String] {
        let text = try await run(
            "mosquitto_sub",
            [
                "-p", "\(port)", "-h", "127.0.0.1", "-q", "1", "-t", topic, "-C", "\(count)", "-W", "\(seconds)", "-F",
                format,
            ] + (reader.map { ["-c", "-i", $0] } ?? []),
            mayFail: true)
        return text.split(separator: "\n").map(String.init)
    }

    /// From now on the broker keeps what comes to that topic, until that reader reads it.
    package func keep(_ topic: String, for reader: String) async throws {
        try await run(
            "mosquitto_sub",
            ["-p", "\(port)", "-h", "127.0.0.1", "-q", "1", "-t", topic, "-c", "-i", reader, "-E"])
    }

    package func publish(_ text: String, to topic: String, options: [String] = []) async throws {
        try await run(
            "mosquitto_pub", ["-p", "\(port)", "-h", "127.0.0.1", "-q", "1", "-t", topic, "-m", text] + options)
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String], mayFail: Bool = false) async throws -> String {
        let file = folder.appendingPathComponent("output-\(UUID().uuidString)")
        let running = try ChildProgram([program] + arguments, output: .file(file), errors: .nothing)
        let status = await running.status()
        guard mayFail || status == 0 else {
            throw DeadlineExceeded(description: "\(program) ended with \(status)")
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
