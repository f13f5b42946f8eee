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
