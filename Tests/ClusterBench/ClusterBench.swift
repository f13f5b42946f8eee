import ArgumentParser
import Foundation
import KubernetesClient
import Logging

/// What `hack/bench` needs beside the operator: a node that isn't there, and the cluster's own limit.
///
/// Run by hack/lib/bench; both end by SIGTERM, or once their work is done.
@main
struct ClusterBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(subcommands: [PlayNode.self, MakeJobs.self])
}

struct Connection: ParsableArguments {
    @Option(help: "The cluster.") var kubeconfig: String
    @Option(help: "The namespace that is worked in, and no other.") var namespace: String

    func client() throws -> KubernetesClient {
        let configuration = try ClientConfiguration.load(
            kubeconfig: kubeconfig, environment: ProcessInfo.processInfo.environment)
        return KubernetesClient(
            configuration: configuration, userAgent: "cluster-bench/1", logger: Logger(label: "cluster-bench"))
    }
}
