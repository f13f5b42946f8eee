package import ArgumentParser
package import ControllerRuntime
import FoundationEssentials
import Glibc
package import KubernetesClient
import KubernetesModel

package enum LeaderElectionMode: String, CaseIterable, ExpressibleByArgument, Sendable {
    case on, off

    package static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Which cluster a daemon works in, and how it agrees with others of its kind on who acts.
package struct ClusterOptions: ParsableArguments {
    @OptionGroup package var kubeconfig: KubeconfigOptions

    @Option(
        help: "Whether to agree with other replicas on which one acts, by a Lease: on or off. Default: on in a pod.")
    package var leaderElection: LeaderElectionMode?

    @Option(help: "The namespace of that Lease. Default: the namespace to work in, then the pod's or the kubeconfig's.")
    package var leaderElectionNamespace: String?

    @OptionGroup package var name: ClusterNameOption

    package init() {}

    package func validate() throws {
        try Self.check(leaderElectionNamespace, option: "--leader-election-namespace")
    }

    package static func check(_ namespace: String?, option: String) throws {
        if let namespace, !NameForm.isLabel(namespace) {
            throw ValidationError("\(option): \"\(namespace)\" is not the name of a namespace")
        }
    }

    /// `namespace`: the one to work in, where there is one.
    package func configuration(namespace: String?) throws -> ClientConfiguration {
        try kubeconfig.configuration(namespace: namespace)
    }

    /// How this process agrees with others on who acts; nil: it acts alone, at once. `name`: the Lease's.
    package func election(_ name: String, _ configuration: ClientConfiguration) -> LeaderElector.Options? {
        // Outside a cluster somebody tries something, alone, and wants to see it act.
        let mode = leaderElection ?? (configuration.isInPod ? .on : .off)
        guard mode == .on else { return nil }
        return LeaderElector.Options(
            // Of an operator for one namespace it is that namespace: those for another aren't rivals.
            namespace: leaderElectionNamespace ?? configuration.namespace, name: name, identity: Self.identity)
    }

    /// What others of its kind know it by: its Lease's namespace and name; where there is none its own namespace, or its host.
    /// The same after a restart, which therefore never seems to be a second one.
    package func sharedName(_ name: String, _ configuration: ClientConfiguration) -> String {
        if let election = election(name, configuration) { return "\(election.namespace)/\(election.name)" }
        return configuration.isInPod
            ? "\(configuration.namespace)/\(name) without a Lease" : "\(name) without a Lease on \(Self.hostName)"
    }

    /// Of this process alone: a restart in the same pod is somebody else.
    package static let identity = "\(hostName)_\(UUID().uuidString.lowercased())"

    /// In a pod, the pod's name.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension ClientConfiguration {
    /// Whether it is that of a pod's service account.
    package var isInPod: Bool { contextName == nil }
}
