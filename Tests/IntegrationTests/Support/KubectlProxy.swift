import ClusterSupport
import Foundation

/// `kubectl proxy`: the API server by plain HTTP on the loopback.
final class KubectlProxy: Sendable {
    private let process: Process
    let port: Int

    /// Runs `body` beside one.
    static func run(_ body: (KubectlProxy) async throws -> Void) async throws {
        let proxy = try await start()
        defer { proxy.process.terminate() }
        try await body(proxy)
    }

    private init(process: Process, port: Int) {
        (self.process, self.port) = (process, port)
    }

    private static func start() async throws -> KubectlProxy {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["kubectl", "proxy", "--port=0"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // A thread of its own: reading blocks.
        let line = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: String(decoding: output.fileHandleForReading.availableData, as: UTF8.self))
            }
        }
        // "Starting to serve on 127.0.0.1:34567"
        guard
            let port = line.split(separator: ":").last.flatMap({
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            })
        else { throw Command.Failed(description: "kubectl proxy said: \(line)") }
        return KubectlProxy(process: process, port: port)
    }
}
