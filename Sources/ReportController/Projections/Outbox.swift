import ControllerRuntime
import KubernetesModel
import ReportAPI
import Synchronization

/// Requests whose state is to be told outside the cluster, each once and in its latest state, the longest waiting first.
///
/// What waits is the object that the cache has anyway, so however long an outage lasts, an outbox costs a reference for
/// each request. A deleted request stays in it with its last state.
final class Outbox: Sendable {
    private struct State {
        var waiting: [String: ReportRequest] = [:]
        /// Uids in the order in which they came to wait; those that were taken since are skipped.
        var order: [String] = []
        /// Those of which is known that they wait: for a first try's time nobody needs to hear that.
        var announced: Set<String> = []
    }

    private let state = Mutex(State())
    private let signal = Signal()

    var count: Int { state.withLock { $0.waiting.count } }

    var isEmpty: Bool { count == 0 }

    func put(_ request: ReportRequest) {
        state.withLock { state in
            let uid = request.metadata.uid
            if state.waiting.updateValue(request, forKey: uid) == nil { state.order.append(uid) }
        }
        signal.raise()
    }

    /// Puts back what could not be told, behind the others, unless something newer waits already.
    func putBack(_ requests: some Collection<ReportRequest>) {
        state.withLock { state in
            for request in requests where state.waiting[request.metadata.uid] == nil {
                state.waiting[request.metadata.uid] = request
                state.order.append(request.metadata.uid)
            }
        }
    }

    /// Waits until there is something, or until the task is cancelled, and takes up to `limit` of it.
    func take(upTo limit: Int) async -> [ReportRequest] {
        while !Task.isCancelled {
            let batch = takeNow(upTo: limit)
            if !batch.isEmpty { return batch }
            await signal.wait()
        }
        return []
    }

    private func takeNow(upTo limit: Int) -> [ReportRequest] {
        state.withLock { state in
            var batch: [ReportRequest] = []
            var passed = 0
            while batch.count < limit, passed < state.order.count {
                if let request = state.waiting.removeValue(forKey: state.order[passed]) { batch.append(request) }
                passed += 1
            }
            state.order.removeFirst(passed)
            return batch
        }
    }

    /// The requests that wait and that this hasn't given before.
    func unannounced() -> [ReportRequest] {
        state.withLock { state in
            let new = state.waiting.filter { !state.announced.contains($0.key) }
            state.announced = Set(state.waiting.keys)
            return Array(new.values)
        }
    }
}
