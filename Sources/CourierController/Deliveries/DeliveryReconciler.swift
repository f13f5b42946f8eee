import AsyncSupport
import ControllerRuntime
import DeliveryPlanning
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportRecords
import ReportStores

/// Observes a delivery, plans and applies what comes next.
struct DeliveryReconciler: Sendable {
    let cache: CourierCache
    let observer: DeliveryObserver
    let preparations: Preparations
    let inFlight: InFlight
    let senders: CopySender
    let ledger: DeliveryLedger
    let writer: ClusterWriter
    let logger: Logger
    let now: @Sendable () -> Date

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard cache.deliveries.undecodable(key) == nil, let delivery = cache.deliveries.get(key) else { return .done }
        let observed = await observer.observe(delivery)
        let plan = DeliveryPlanner.plan(observed, now: now())
        do {
            try await apply(plan, to: delivery, observed)
        } catch let error as Stale {
            logger.debug("Requeued", metadata: ["delivery": "\(key)", "why": "\(error)"])
            return .lookAgain
        }
        let isOver = plan.status?.phase?.isTerminal ?? delivery.status?.phase?.isTerminal ?? false
        if isOver { preparations.forget(delivery.metadata.uid) }
        if plan.isImpatient { return .lookAgain }
        let endsCopies = plan.actions.contains { action in
            if case .end = action { true } else { false }
        }
        if endsCopies { return .requeue(after: .zero) }
        guard let wakeAt = plan.wakeAt else { return .done }
        return .requeue(after: .seconds(max(0, wakeAt.timeIntervalSince(now())) + 0.01))
    }

    private func apply(_ plan: DeliveryPlan, to delivery: ReportDelivery, _ observed: ObservedDelivery) async throws {
        let metadata = delivery.metadata
        for action in plan.actions {
            switch action {
            case .addFinalizer:
                try await setFinalizers(metadata.finalizers + [ReportsAPI.Finalizer.delivery], of: delivery)
            case .removeFinalizer:
                try await setFinalizers(
                    metadata.finalizers.filter { $0 != ReportsAPI.Finalizer.delivery }, of: delivery)
            case .makeFiles(let formats): preparations.begin(delivery, formats: formats)
            case .send(let copy, let before):
                senders.begin(copy, over: before, of: delivery)
            case .end(let copy, let before):
                guard try await ledger.write(copy, over: before) else {
                    throw Stale(what: "the ledger's copy for \(copy.recipient) has changed since it was read")
                }
            case .delete:
                _ = try await writer.delete(
                    ReportDelivery.self, name: metadata.name, namespace: metadata.namespace,
                    options: DeleteOptions(
                        propagation: .background, uid: metadata.uid, resourceVersion: metadata.resourceVersion))
            }
        }
        guard let status = plan.status else { return }
        inFlight.noteWrite(of: metadata.uid, at: now())
        let before = delivery.status?.phase
        try await writer.patch(
            cache.deliveries, name: metadata.name, namespace: metadata.namespace,
            merge: DeliveryStatusPatch(delivery, to: status), subresource: .status)
        guard let phase = status.phase, phase.isTerminal, phase != before else { return }
        senders.metrics.ended(delivery, phase, at: now())
        logger.notice(
            "A delivery has ended",
            metadata: [
                "delivery": "\(delivery.key)", "report": "\(delivery.spec.value?.reportID ?? "")",
                "channel": "\(delivery.spec.value?.channel ?? "")", "phase": "\(phase.rawValue)",
                "sent": "\(status.sent ?? "")",
            ])
    }

    private func setFinalizers(_ finalizers: [String], of delivery: ReportDelivery) async throws {
        struct Patch: Encodable, Sendable {
            struct Metadata: Encodable, Sendable {
                let resourceVersion: String
                let finalizers: [String]
                let labels: [String: String]
            }
            let metadata: Metadata
        }
        let written = try await writer.patch(
            cache.deliveries, name: delivery.metadata.name, namespace: delivery.metadata.namespace,
            merge: Patch(
                metadata: .init(
                    resourceVersion: delivery.metadata.resourceVersion, finalizers: finalizers,
                    labels: [
                        DeliveryKey.acceptedUID: delivery.metadata.labels[DeliveryKey.acceptedUID]
                            ?? delivery.metadata.uid
                    ])))
        // Nothing is sent of what was deleted a moment ago.
        if written == nil { throw Stale(what: "the delivery is gone") }
    }
}
