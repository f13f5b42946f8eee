import AsyncSupport
import ControllerRuntime
import DeliveryPlanning
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportRecords
import ReportStores
import ServiceLifecycle

/// Finds, once, what the ledger has of tickets that aren't over: a trigger that was deleted while no courier ran tells nothing.
///
/// Couriers of several clusters may share the ledger: each looks at its own.
struct TicketSweep: Service {
    let ledger: TicketLedger
    let finder: NamespaceFinder
    /// The one namespace that is served; nil for all.
    let namespace: String?
    let debts: TicketDebts
    let queue: WorkQueue<TicketKey>
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown { await sweep() }
        try? await gracefulShutdown()
    }

    private func sweep() async {
        var pauses = Backoff(first: .seconds(1), longest: .seconds(60)).delays
        while !Task.isCancelled {
            switch await Result(catching: { () async throws(StoreTrouble) in try await ledger.unfinished() }) {
            case .success(let entries):
                for entry in entries.readable where namespace == nil || entry.namespace == namespace {
                    guard await isOwn(entry) else { continue }
                    debts.add(TicketKey(entry))
                    queue.add(TicketKey(entry))
                }
                return
            case .failure(let trouble):
                logger.debug("The ledger of tickets can't be read yet", metadata: ["error": "\(trouble)"])
            }
            guard (try? await Task.sleep(for: pauses.next())) != nil else { return }
        }
    }

    private func isOwn(_ entry: TicketEntry) async -> Bool {
        if let cluster = entry.cluster, let own = await finder.cluster() { return cluster == own }
        // A courier that may not read which cluster it is in knows the namespace that it serves.
        let trigger = ObjectMeta(
            name: entry.trigger, namespace: entry.namespace, uid: entry.triggerUID,
            creationTimestamp: Timestamp(entry.since))
        guard case .found(let home) = await finder.home(of: trigger) else { return false }
        return home.uid == entry.namespaceUID
    }
}
