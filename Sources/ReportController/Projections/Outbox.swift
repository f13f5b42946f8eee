import AsyncSupport
import ControllerRuntime
import KubernetesModel
import ReportAPI
import Synchronization

/// Requests whose state is to be told outside the cluster, each once and in its latest state, the longest waiting first.
///
/// However long an outage lasts, it holds one object for each request. A deleted request stays in it with its last state.
/// What was taken counts as waiting until it is settled.
final class Outbox: Sendable {
    private struct State {
        var waiting: [String: ReportRequest] = [:]
        /// Uids in the order in which they came to wait; those that were taken since are skipped.
        var order: [String] = []
        /// Those that were taken and neither settled nor put back.
        var inHand: Set<String> = []
        /// Since when each has had something that isn't told.
        var since: [String: ContinuousClock.Instant] = [:]
        /// Already reported as waiting, and not yet as stored.
        var announced: Set<String> = []
    }

    private let state = Mutex(State())
    private let signal = Signal()

    /// How many have not been told.
    var count: Int { state.withLock { state in state.inHand.union(state.waiting.keys).count } }

    /// How long the oldest of what has not been told has waited; zero while there is nothing.
    func lag(at now: ContinuousClock.Instant) -> Duration {
        state.withLock { state in state.since.values.min().map { now - $0 } ?? .zero }
    }

    /// Whether there is nothing to take.
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    func put(_ request: ReportRequest, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            let uid = request.metadata.uid
            if state.since[uid] == nil { state.since[uid] = now }
            if state.waiting.updateValue(request, forKey: uid) == nil { state.order.append(uid) }
        }
        signal.raise()
    }

    /// Puts back what could not be told, behind the others, unless something newer waits already.
    func putBack(_ requests: some Collection<ReportRequest>) {
        state.withLock { state in
            for request in requests {
                let uid = request.metadata.uid
                state.inHand.remove(uid)
                guard state.waiting[uid] == nil else { continue }
                state.waiting[uid] = request
                state.order.append(uid)
            }
        }
        signal.raise()
    }

    /// Whether that request has news that have not been told.
    func contains(_ uid: String) -> Bool {
        state.withLock { $0.waiting[uid] != nil || $0.inHand.contains(uid) }
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
                if let request = state.waiting.removeValue(forKey: state.order[passed]) {
                    state.inHand.insert(state.order[passed])
                    batch.append(request)
                }
                passed += 1
            }
            state.order.removeFirst(passed)
            return batch
        }
    }

    /// The requests that wait and whose owners don't know yet that they have to; all that wait if there is `news`.
    func announce(news: Bool) -> [ReportRequest] {
        state.withLock { state in
            let due = state.waiting.filter { news || !state.announced.contains($0.key) }
            state.announced.formUnion(due.keys)
            return Array(due.values)
        }
    }

    /// It has been told. Returns whether it had been announced to wait.
    @discardableResult
    func settle(_ uid: String, at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            state.inHand.remove(uid)
            // What is newer than that waits from now on.
            state.since[uid] = state.waiting[uid] == nil ? nil : now
            return state.announced.remove(uid) != nil
        }
    }
}

extension Outbox {
    /// What a shutdown still writes, batch by batch, until `write` fails or the time is over.
    func drain(by size: Int, within limit: Duration, _ write: @escaping @Sendable ([ReportRequest]) async -> Bool) async
    {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                while !isEmpty {
                    let batch = await take(upTo: size)
                    guard !batch.isEmpty, await write(batch) else { return }
                }
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
