import DaemonSupport
import KubernetesClient
import ReportController

extension RunOptions {
    /// What the controller does, and where. `configuration`: how the cluster is reached.
    func controllerOptions(_ configuration: ClientConfiguration) throws -> ReportController.Options {
        ReportController.Options(
            namespace: namespace, workers: workers, inlinePipelines: try inlinePipelineRule(),
            courierNamespace: courierNamespace, clusterName: cluster.name.told,
            operatorName: cluster.sharedName("report-operator", configuration))
    }
}
