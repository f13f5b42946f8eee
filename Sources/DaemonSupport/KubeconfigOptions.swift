package import ArgumentParser
import FoundationEssentials
package import KubernetesClient

/// Which cluster a daemon works in.
package struct KubeconfigOptions: ParsableArguments {
    @Option(help: "The kubeconfig file. Default: $KUBECONFIG, then the pod's service account, then ~/.kube/config.")
    package var kubeconfig: String?

    @Option(help: "The kubeconfig's context. Default: its current one.")
    package var context: String?

    package init() {}

    /// `namespace`: the one to work in, where there is one.
    package func configuration(namespace: String?) throws -> ClientConfiguration {
        do {
            return try ClientConfiguration.load(
                kubeconfig: kubeconfig, context: context, namespace: namespace,
                environment: ProcessInfo.processInfo.environment)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
