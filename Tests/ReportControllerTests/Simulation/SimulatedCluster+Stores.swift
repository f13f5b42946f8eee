import KubernetesModel
import ReportAPI
import TestSupport

/// The shared lock as Redis has it.
struct SimulatedLock: Sendable {
    var holder: String?
    var fence: Int64 = 0
    /// Who waits for it, in this cluster.
    var line: [String] = []
}

/// What MongoDB and Redis do.
extension SimulatedCluster {
    var storeIsAway: Bool { script.storeIsAway.contains(steps) }

    mutating func runStores() {
        if script.hasStore, !storeIsAway {
            for request in server.all(ReportRequest.self) { recorded[request.metadata.uid] = request.status?.phase }
        }
        guard script.hasLock, steps >= script.lockIsTakenUntil, lock.holder == nil, let next = lock.line.first else {
            return
        }
        lock.line.removeFirst()
        lock.holder = next
        lock.fence += 1
    }

    /// What the courier does: a delivery takes some steps and comes to its end.
    func runCourier() {
        for delivery in server.all(ReportDelivery.self) where delivery.status?.phase?.isTerminal != true {
            let channel = delivery.spec.value?.channel ?? ""
            let age = now.seconds - (delivery.metadata.creationTimestamp ?? now).seconds
            guard Int64(delay(channel, "send", 4)) * Self.seconds <= age else { continue }
            let phase = script.sends[channel] ?? .delivered
            let status = JSONValue.object(["phase": .string(phase.rawValue), "message": .string("as the courier says")])
            try? server.patch(
                ReportDelivery.self, delivery.key, .object(["status": status]), subresource: "status")
        }
    }

    /// - Returns: the fencing number, or nil for who has to wait.
    mutating func acquireLock(_ uid: String) -> Int64? {
        if lock.holder == uid { return lock.fence }
        if !lock.line.contains(uid) { lock.line.append(uid) }
        return nil
    }

    mutating func renewLock(_ uid: String) -> Bool {
        if lock.holder != uid { inspector.violations.append("a run went on without the shared lock") }
        return lock.holder == uid
    }

    mutating func releaseLock(_ uid: String) {
        if runs(uid) {
            inspector.violations.append("the shared lock was given back while something of its run goes on")
        }
        if lock.holder == uid { lock.holder = nil }
        lock.line.removeAll { $0 == uid }
    }
}
