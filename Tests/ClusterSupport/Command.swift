import Foundation
import ProgramSupport

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
        let result = try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: waiting would block the cooperative pool.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try ChildProgram.result(of: arguments, input: Data((input ?? "").utf8)) })
            }
        }
        func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }
        return (result.status, text(result.output), text(result.errors))
    }
}
