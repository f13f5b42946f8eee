import KubernetesModel
import ReportAPI
package import ReportPlanning
import ReportRecords

/// The shared lock as the server has it, and what one operator remembers of it.
package struct FakeLock: Hashable, Sendable {
    package var holder: String?
    package var lastFence: Int64 = 0
    package var fences: [String: Int64] = [:]
    /// Who waits for it, in this cluster.
    package var line: [String] = []
    /// What the present operator has asked for since it started.
    package var known: [String: ObservedRun.Lock] = [:]
}

/// What MongoDB and Redis do: the projection and the lock keeper with them.
extension FakeCluster {
    mutating func runStores() {
        if script.hasStore, !script.storeIsAway.contains(steps) {
            for (uid, snapshot) in world.requests {
                recorded[uid] = RecordMark(snapshot.request)
                recordedPhases[uid] = snapshot.request.status?.phase
            }
        }
        guard script.hasLock, steps >= script.lockIsTakenUntil, lock.holder == nil, let next = lock.line.first else {
            return
        }
        lock.line.removeFirst()
        lock.holder = next
        lock.lastFence += 1
        lock.fences[next] = lock.lastFence
        if lock.known[next] != nil { lock.known[next] = .held(fence: lock.lastFence) }
    }

    func record(of request: ReportRequest) -> ObservedRun.Record {
        guard script.hasStore else { return .notConfigured }
        if request.isRecordedForGood || recorded[request.metadata.uid] == RecordMark(request) { return .stored }
        return script.storeIsAway.contains(steps) ? .unavailable("MongoDB is away") : .pending
    }

    func lockState(of uid: String) -> ObservedRun.Lock {
        script.hasLock ? lock.known[uid] ?? .idle : .notConfigured
    }

    mutating func takeLock(_ uid: String) {
        if lock.holder == uid, let fence = lock.fences[uid] {
            lock.known[uid] = .held(fence: fence)
        } else {
            if !lock.line.contains(uid) { lock.line.append(uid) }
            lock.known[uid] = .waiting(reason: Reason.waitingForSharedLock, message: "another run has it")
        }
    }

    mutating func keepLock(_ uid: String, fence: Int64) {
        if lock.holder != uid { violations.append("a run went on without the shared lock") }
        lock.known[uid] = .held(fence: fence)
    }

    mutating func releaseLock(_ uid: String) {
        if runs(uid) { violations.append("the shared lock was given back while something of its run goes on") }
        if lock.holder == uid { lock.holder = nil }
        lock.line.removeAll { $0 == uid }
        lock.known[uid] = .released
    }

    /// What a crash of the operator takes with it.
    package mutating func forgetLocks() { lock.known = [:] }
}
