import ArgumentParser
import ControllerRuntime
import FoundationEssentials
import Glibc
import KubernetesClient

enum LeaderElectionMode: String, CaseIterable, ExpressibleByArgument {
    case on, off

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension RunOptions {
    /// How this process agrees with others on who acts; nil: it acts alone, at once.
    func leaderElection(_ configuration: ClientConfiguration, isInPod: Bool) -> LeaderElector.Options? {
        // Outside a cluster somebody tries something, alone, and wants to see it act.
        let mode = leaderElection ?? (isInPod ? .on : .off)
        guard mode == .on else { return nil }
        return LeaderElector.Options(
            // Of an operator for one namespace it is that namespace: those for another are no rivals.
            namespace: leaderElectionNamespace ?? configuration.namespace, name: "report-operator",
            identity: "\(Self.hostName)_\(UUID().uuidString.lowercased())")
    }

    /// In a pod, the pod's name.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
