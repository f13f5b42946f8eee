import Foundation
import ProgramSupport

/// `kubectl proxy`: the API server by plain HTTP on the loopback. Tests that run beside each other share one.
package actor KubectlProxy {
    private static let shared = KubectlProxy()

    private var users = 0
    private var running: Task<(ChildProgram, port: Int), any Error>?

    /// Runs `body` while there is one, with its port.
    package static func run(_ body: (Int) async throws -> Void) async throws {
        let port = try await shared.enter()
        do {
            try await body(port)
        } catch {
            await shared.leave()
            throw error
        }
        await shared.leave()
    }

    private func enter() async throws -> Int {
        users += 1
        let task = running ?? Task { try await Self.start() }
        running = task
        return try await task.value.port
    }

    private func leave() async {
        users -= 1
        guard users == 0, let task = running else { return }
        running = nil
        if let (program, _) = try? await task.value { program.signal(SIGTERM) }
    }

    private static func start() async throws -> (ChildProgram, port: Int) {
        let program = try ChildProgram(["kubectl", "proxy", "--port=0"], output: .pipe)
        // A thread of its own: reading blocks.
        let line = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = program.output?.availableData ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
        // "Starting to serve on 127.0.0.1:34567"
        let end = line.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":").last
        guard let port = end.flatMap({ Int($0) }) else {
            program.signal(SIGTERM)
            throw Command.Failed(description: "kubectl proxy said: \(line)")
        }
        return (program, port)
    }
}
