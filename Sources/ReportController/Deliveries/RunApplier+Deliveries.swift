import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning

/// What goes out at a run's end.
extension RunApplier {
    func create(_ delivery: RunDelivery, for request: ReportRequest) async throws {
        let (name, namespace, uid) = (delivery.name, request.metadata.namespace, request.metadata.uid)
        switch try await writer.create(ReportDelivery.self, manifest: delivery, namespace: namespace) {
        case .created(let made):
            setbacks.clear(name, owner: uid)
            deliveries?.deliveries.record(made)
            log("Created object", ReportDelivery.resourceKind, name, of: request)
        case .nameIsTaken:
            // Made by an earlier pass whose answer was lost, or by somebody else, which its spec tells.
            guard let found = try await writer.find(ReportDelivery.self, name: name, namespace: namespace) else {
                throw Stale(what: "the delivery has just gone")
            }
            setbacks.clear(name, owner: uid)
            deliveries?.deliveries.record(found)
        case .refused(let message):
            throw setbacks.note(.refused(message), of: name, owner: uid)
        case .postponed(let message):
            throw setbacks.note(.postponed(message), of: name, owner: uid)
        }
    }

    func confirmDeliveryIsGone(_ name: String, of request: ReportRequest) async throws {
        let found = try await writer.find(ReportDelivery.self, name: name, namespace: request.metadata.namespace)
        guard let found else { return }
        deliveries?.deliveries.record(found)
        throw Stale(what: "the delivery is there, but the watch hasn't delivered it yet")
    }
}
