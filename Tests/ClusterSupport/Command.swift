import Foundation

/// A program run to its end.
package struct Command: Sendable {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// Runs a program that stands in PATH and returns what it printed; throws with its messages when it fails.
    @discardableResult
    package static func run(_ arguments: [String], input: String? = nil) async throws -> String {
        let result = try await result(arguments, input: input)
        guard result.status == 0 else {
            throw Failed(description: "\(arguments.joined(separator: " ")): \(result.errors)\(result.output)")
        }
        return result.output
    }

    package static func result(
        _ arguments: [String], input: String? = nil
    ) async throws -> (status: Int32, output: String, errors: String) {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: reading pipes and waiting would block the cooperative pool.
            Thread.detachNewThread {
                continuation.resume(with: Result { try runBlocking(arguments, input: input) })
            }
        }
    }

    private static func runBlocking(
        _ arguments: [String], input: String?
    ) throws -> (status: Int32, output: String, errors: String) {
        let folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files instead of pipes: no pipe can fill up and stall the program.
        func file(_ name: String, _ content: String = "") throws -> (URL, FileHandle) {
            let url = folder.appendingPathComponent(name)
            try Data(content.utf8).write(to: url)
            return (url, try FileHandle(forUpdating: url))
        }
        let (_, inputHandle) = try file("input", input ?? "")
        let (outputURL, outputHandle) = try file("output")
        let (errorsURL, errorsHandle) = try file("errors")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = inputHandle
        process.standardOutput = outputHandle
        process.standardError = errorsHandle
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus,
            String(decoding: try Data(contentsOf: outputURL), as: UTF8.self),
            String(decoding: try Data(contentsOf: errorsURL), as: UTF8.self)
        )
    }
}
