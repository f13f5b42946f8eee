import AsyncSupport
import ControllerRuntime
import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores

/// Brings together what a decision on a delivery rests on: the caches, the ledger and the record.
struct DeliveryObserver: Sendable {
    let cache: CourierCache
    let desk: ChannelDesk
    let preparations: Preparations
    let inFlight: InFlight
    let store: ReportStore
    let homes: DeliveryHomes
    let readability: Readability

    func observe(_ delivery: ReportDelivery) async -> ObservedDelivery {
        let uid = delivery.metadata.uid
        var observed = ObservedDelivery(
            delivery: delivery, key: DeliveryKey.of(delivery), courierNamespace: cache.namespace)
        // Before the ledger: what ends in between is written there, and looked at again.
        observed.inFlight = inFlight.recipients(of: uid)
        observed.writtenAt = inFlight.writtenAt(uid)
        observed.files = preparations.files(of: delivery)
        observed.namespaceLabels = cache.labels(of: delivery.metadata.namespace)
        if let name = delivery.spec.value?.channel {
            observed.channel = cache.channel(name)
            observed.standing = desk.standing(of: name)
            observed.repeatsHarmlessly = desk.sender(for: name)?.repeatsHarmlessly ?? false
        }
        // What is over, and was let go, has nothing to be asked for.
        let isHeld = delivery.metadata.finalizers.contains(ReportsAPI.Finalizer.delivery)
        if delivery.status?.phase?.isTerminal == true, !isHeld { return observed }
        observed.home = await homes.home(of: delivery.metadata)
        switch await Result(catching: { () async throws(StoreTrouble) in
            try await store.deliveries.copies(ofDelivery: observed.key)
        }) {
        case .success(let copies):
            observed.ledger = .found(copies.readable)
            observed.unreadable = copies.unreadable
            observed.readableSince = readability.found()
        case .failure(let trouble):
            observed.ledger = .unknown("\(trouble)")
            readability.lost()
        }
        guard delivery.status?.pinned == nil, let spec = delivery.spec.value, case .found = observed.ledger else {
            return observed
        }
        observed.report = await report(spec.reportID)
        return observed
    }

    private func report(_ id: String) async -> ObservedDelivery.Finding<ObservedDelivery.Report> {
        do throws(StoreTrouble) {
            guard let record = try await store.record(uid: id) else { return .missing }
            let result = try await store.result(of: id)
            return .found(
                .init(
                    namespace: record.namespace, origin: record.origin, createdAt: record.createdAt,
                    phase: record.phase, attempt: record.attempt,
                    published: result.map {
                        .init(
                            attempt: $0.attempt, id: $0.publication, rows: $0.rows,
                            offloaded: preparations.bringsBack ? nil : $0.offloaded)
                    },
                    formats: (record.formats ?? []).compactMap(OutputFormat.init), message: record.message,
                    earlier: Dictionary((record.previousAttempts ?? []).map { ($0.attempt, $0.phase) }) { $1 },
                    deliveries: record.deliveries?.map(\.entry), failureNotice: record.failureNotice?.entry))
        } catch {
            return .unknown("\(error)")
        }
    }
}
