import ClusterSupport
import Foundation
import Glibc

/// A control plane of a test's own, which it may break.
struct OwnCluster: Sendable {
    let live: LiveCluster
    let audit: AuditLog
    private let name: String
    private static let tool = LiveCluster.root.appendingPathComponent("hack/cluster").path

    /// Runs `body` with a control plane that is there for it alone. It is called as the tests' one with a suffix.
    ///
    /// `requestBytes`: how large a write may be that its etcd takes; nil: as usual.
    static func run(
        _ suffix: String, requestBytes: Int? = nil, _ body: (OwnCluster) async throws -> Void
    ) async throws {
        let name = (ProcessInfo.processInfo.environment["REPORT_CLUSTER_NAME"] ?? "test") + "-" + suffix
        let limit = requestBytes.map { ["--request-bytes", String($0)] } ?? []
        try await Command.run([tool, "--name", name, "up", "--control-plane-only"] + limit)
        do {
            let exports = try await Command.run([tool, "--name", name, "env"])
            let values = try await Command.run(
                ["bash", "-c", exports + "\nprintf '%s\\n' \"$KUBECONFIG\" \"$REPORT_CLUSTER_AUDIT_LOG\""]
            ).split(separator: "\n").map(String.init)
            guard values.count == 2 else { throw Command.Failed(description: "hack/cluster env: \(exports)") }
            try await body(
                OwnCluster(live: LiveCluster(kubeconfig: values[0]), audit: AuditLog(file: values[1]), name: name))
        } catch {
            _ = try? await Command.run([tool, "--name", name, "down"])
            throw error
        }
        try await Command.run([tool, "--name", name, "down"])
    }

    func applyDefinitions() async throws {
        for name in LiveCluster.definitions {
            try await live.kubectl(
                "apply", "--validate=false", "-f", LiveCluster.root.appendingPathComponent("crds/\(name).yaml").path)
            try await live.wait(forDefinition: name)
        }
    }

    func killServer() async throws { try await tool("stop-apiserver") }

    func startServer() async throws { try await tool("start-apiserver") }

    /// Goes back to where it was before `body`.
    ///
    /// - Returns: how long the restore took, and when it was over.
    func rewind(
        _ body: () async throws -> Void
    ) async throws -> (took: Duration, back: ContinuousClock.Instant) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "etcd-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await tool("save", folder.path)
        try await body()
        let begin = ContinuousClock.now
        try await tool("restore", folder.path)
        return (ContinuousClock.now - begin, .now)
    }

    /// Has etcd forget all versions but the last, so that every watch that falls behind starts over.
    func compact() async throws { try await tool("compact") }

    /// Has the API server hang for that long: connections stay open, and nobody answers.
    func stallServer(for duration: Duration) async throws {
        try await whileServerHangs { try await Task.sleep(for: duration) }
    }

    /// Runs `body` while the API server hangs.
    func whileServerHangs(_ body: () async throws -> Void) async throws {
        let status = try await Command.run([Self.tool, "--name", name, "status"])
        let line = status.split(separator: "\n").first { $0.hasPrefix("kube-apiserver ") }
        guard let field = line?.split(separator: " ").dropFirst().first, let pid = pid_t(field) else {
            throw Command.Failed(description: "no API server in: \(status)")
        }
        kill(pid, SIGSTOP)
        defer { kill(pid, SIGCONT) }
        try await body()
    }

    private func tool(_ command: String...) async throws {
        try await Command.run([Self.tool, "--name", name] + command)
    }
}
