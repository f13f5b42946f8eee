import ClusterSupport
import Foundation
import Glibc
import KubernetesClient
import KubernetesModel
import LoopbackSupport

/// The operator in a container of the cluster, under its own service account, to be killed.
final class OperatorPod: Sendable {
    private let cluster: LiveCluster
    private let namespace: String
    let name: String

    init(_ cluster: LiveCluster, namespace: String, name: String) {
        self.cluster = cluster
        self.namespace = namespace
        self.name = name
    }

    /// `kill -9` of the process in the container.
    ///
    /// Nobody is left who acts, so the next one needn't wait until the lease has run out, which other tests look at.
    func crash() async throws {
        let pid = try await pid()
        Glibc.kill(pid, SIGKILL)
        // Gone, or a zombie until its parent has looked.
        try await eventually("\(name) is killed") { Self.state(of: pid) ?? "Z" == "Z" }
        try await cluster.kubectl("delete", "lease", "report-operator", "-n", namespace, "--ignore-not-found")
    }

    /// SIGTERM to the process in the container, and its exit code.
    func terminate() async throws -> Int {
        Glibc.kill(try await pid(), SIGTERM)
        let pod = try await cluster.wait(for: Pod.self, name, in: namespace, "ended") { $0?.hasEnded ?? true }
        let code = pod?.status?.containerStatuses?.first?.state?.terminated?.exitCode
        guard let code else { throw DeadlineExceeded(description: "\(name) has no exit code") }
        return code
    }

    /// Without waiting, at the end of a scene.
    func kill() {
        if let pid = findPID() { Glibc.kill(pid, SIGKILL) }
    }

    var isRunning: Bool { findPID() != nil }

    func log() async -> String {
        (try? await cluster.kubectl("logs", name, "-n", namespace)) ?? "no log"
    }

    /// Its address in the cluster, which this machine reaches, once it is ready.
    func address() async throws -> String {
        try await cluster.kubectl("wait", "--for=condition=Ready", "--timeout=60s", "pod/\(name)", "-n", namespace)
        return try await cluster.kubectl("get", "pod", name, "-n", namespace, "-o", "jsonpath={.status.podIP}")
    }

    // MARK: Its process

    private func pid(within limit: Duration = .seconds(60)) async throws -> pid_t {
        var found: pid_t?
        try await eventually("\(name) has a process", within: limit, every: .milliseconds(20)) {
            found = findPID()
            return found != nil
        }
        guard let found else { throw DeadlineExceeded(description: "\(name) has no process") }
        return found
    }

    /// A pod's name is its host name, and the namespace stands in the operator's arguments.
    private func findPID() -> pid_t? {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.lazy.compactMap { pid_t($0) }.first { pid in
            guard let arguments = Self.file(pid, "cmdline"), arguments.hasPrefix("/usr/bin/report-operator\0"),
                arguments.contains("--namespace=\(self.namespace)\0"), let variables = Self.file(pid, "environ")
            else { return false }
            return variables.contains("HOSTNAME=\(self.name)\0") && Self.state(of: pid) != "Z"
        }
    }

    private static func file(_ pid: pid_t, _ name: String) -> String? {
        FileManager.default.contents(atPath: "/proc/\(pid)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// `R`, `S`, `Z`, …; nil when there is no such process.
    private static func state(of pid: pid_t) -> Substring? {
        // "123 (report-operator) S 1 …"
        file(pid, "stat")?.split(separator: ")").last?.split(separator: " ").first
    }
}
