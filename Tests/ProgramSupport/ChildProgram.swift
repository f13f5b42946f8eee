package import Foundation
import Glibc
import Synchronization
import Testing

/// A program that goes on beside a test.
///
/// Each has a thread of its own that waits for its end. In Foundation's `Process` one thread does that for all of them, by a
/// socket that each program inherits. One that closes its socket early keeps it from seeing any other's end until its own; one that
/// was started in the same moment as another, and holds the other's socket too, keeps it from seeing that one's.
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
    /// What the program prints, where that is a pipe.
    package let output: FileHandle?
    private let input: FileHandle?
    let child: Child

    package var pid: pid_t { child.pid }

    /// `command`: the program, which is looked for in PATH where it has no slash, and its arguments. `environment`: all that it
    /// gets; nil: that of the tests. Throws `NotStarted`.
    package init(
        _ command: [String], environment: [String: String]? = nil, input: Stream = .nothing, output: Stream = .ours,
        errors: Stream = .ours
    ) throws {
        name = (command[0] as NSString).lastPathComponent
        var files = SpawnFiles()
        defer { files.closeTheirs() }
        do {
            try files.add(STDIN_FILENO, input)
            try files.add(STDOUT_FILENO, output)
            try files.add(STDERR_FILENO, errors)
            child = Child(try files.spawn(command, environment ?? ProcessInfo.processInfo.environment))
        } catch {
            files.closeOurs()
            throw error
        }
        self.input = files.ours[STDIN_FILENO].map { FileHandle(fileDescriptor: $0, closeOnDealloc: true) }
        self.output = files.ours[STDOUT_FILENO].map { FileHandle(fileDescriptor: $0, closeOnDealloc: true) }
    }

    package var isRunning: Bool { child.status == nil }

    /// Nothing where it has ended.
    package func signal(_ number: Int32) { child.signal(number) }

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
        let (status, isLate) = await withCheckedContinuation { continuation in
            Thread.detachNewThread { [child] in continuation.resume(returning: child.wait(within: limit)) }
        }
        // Here, since on a thread of its own it would be nobody's.
        if isLate { recordDelay(limit) }
        return status
    }

    /// As `status`, on the thread that calls it.
    @discardableResult
    package func wait(within limit: Duration = .seconds(120)) -> Int32 {
        let (status, isLate) = child.wait(within: limit)
        if isLate { recordDelay(limit) }
        return status
    }

    private func recordDelay(_ limit: Duration) {
        Issue.record("\(name), process \(pid), didn't end within \(limit)")
    }

    /// SIGTERM, or another signal, and its end, as `wait` has it.
    @discardableResult
    package func end(_ number: Int32 = SIGTERM) -> Int32 {
        signal(number)
        return wait()
    }
}
