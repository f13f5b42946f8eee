package import Foundation
import Glibc
import Synchronization
import Testing

/// A program that goes on beside a test.
///
/// Each has a thread of its own that waits for its end. In Foundation's `Process` one thread does that for all of them, by a
/// socket that each program inherits: one that closes its socket early, or that was started in the same moment as another and
/// holds the other's, keeps it from seeing any further end, and then every test waits for ever.
///
/// A program inherits its three streams alone, and hears signals that the tests' threads block.
///
/// For example:
/// ```swift
/// let server = try ChildProgram(["redis-server", "--port", "6400"], output: .nothing)
/// server.signal(SIGSTOP)
/// …
/// #expect(server.end() == 0)
/// ```
package final class ChildProgram: Sendable {
    /// Where a stream comes from, or goes to.
    package enum Stream: Sendable {
        case nothing
        /// That of the tests.
        case ours
        /// Written at its end; made where it isn't there.
        case file(URL)
        /// Of which this object has the other end.
        case pipe
    }

    package struct NotStarted: Error, CustomStringConvertible {
        package let description: String
    }

    package let name: String
    package let pid: pid_t
    /// What the program prints, where that is a pipe.
    package let output: FileHandle?
    private let input: FileHandle?
    /// Nil until it has ended and is reaped.
    private let ended = Mutex<Int32?>(nil)
    private let end = DispatchGroup()

    /// `command`: the program, which is looked for in PATH where it has no slash, and its arguments. `environment`: all that it
    /// gets; nil: that of the tests. Throws `NotStarted`.
    package init(
        _ command: [String], environment: [String: String]? = nil, input: Stream = .nothing, output: Stream = .ours,
        errors: Stream = .ours
    ) throws {
        name = (command[0] as NSString).lastPathComponent
        var files = SpawnFiles()
        defer { files.closeTheirs() }
        try files.add(STDIN_FILENO, input)
        try files.add(STDOUT_FILENO, output)
        try files.add(STDERR_FILENO, errors)
        do {
            pid = try files.spawn(command, environment ?? ProcessInfo.processInfo.environment)
        } catch {
            files.closeOurs()
            throw error
        }
        self.input = files.ours[STDIN_FILENO].map { FileHandle(fileDescriptor: $0, closeOnDealloc: true) }
        self.output = files.ours[STDOUT_FILENO].map { FileHandle(fileDescriptor: $0, closeOnDealloc: true) }
        end.enter()
        Thread.detachNewThread { [self] in
            var information = siginfo_t()
            // Reaped under the lock: no signal goes to another process that has got its number.
            while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
            ended.withLock { ended in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                ended = Self.exitCode(status)
            }
            end.leave()
        }
    }

    /// As a shell has it: 128 and the signal, where one has ended it.
    private static func exitCode(_ status: Int32) -> Int32 {
        status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    package var isRunning: Bool { ended.withLock { $0 == nil } }

    /// Nothing where it has ended.
    package func signal(_ number: Int32) {
        ended.withLock { if $0 == nil { kill(pid, number) } }
    }

    /// The next line of what it prints into a pipe; nil at its end.
    package func readLine() throws -> String? {
        var line = Data()
        while let byte = try output?.read(upToCount: 1), let last = byte.first {
            if last == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(last)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    /// What it reads ends.
    package func closeInput() { try? input?.close() }

    // MARK: Its end

    /// Waits for its end, and gives up on it after `limit`: it is killed then, and the test has failed.
    ///
    /// - Returns: its exit code; 128 and the signal, where one has ended it.
    @discardableResult
    package func status(within limit: Duration = .seconds(120)) async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.wait(within: limit)) }
        }
    }

    /// As `status`, on the thread that calls it.
    @discardableResult
    package func wait(within limit: Duration = .seconds(120)) -> Int32 {
        if end.wait(timeout: .now() + limit / .seconds(1)) == .timedOut {
            Issue.record("\(name), process \(pid), didn't end within \(limit)")
            signal(SIGKILL)
            end.wait()
        }
        return ended.withLock { $0 ?? 0 }
    }

    /// SIGTERM, or another signal, and its end, as `wait` has it.
    @discardableResult
    package func end(_ number: Int32 = SIGTERM) -> Int32 {
        signal(number)
        return wait()
    }
}
