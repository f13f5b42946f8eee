import ControllerRuntime
import DeliveryPlanning
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportRecords

/// Which namespaces deliveries and triggers are in, of all that have ever had their names. Of each that is asked once.
struct DeliveryHomes: Sendable {
    let finder: NamespaceFinder
    let clusterName: String?

    func home(of object: ObjectMeta) async -> ObservedDelivery.Finding<LiveNamespace> {
        switch await finder.home(of: object) {
        case .found(let home):
            .found(
                LiveNamespace(
                    name: object.namespace, uid: home.uid, createdAt: home.createdAt.date,
                    cluster: await finder.cluster(), clusterName: clusterName))
        case .gone: .missing
        case .unknown(let error):
            .unknown(
                error.isForbidden
                    ? "the courier may not read the namespace, so it can't tell whose report that is (\(error.message)); "
                        + "whoever runs the courier has to apply its role anew (manifests/courier)"
                    : "\(error)")
        }
    }
}
