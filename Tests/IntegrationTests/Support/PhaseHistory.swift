import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Synchronization

/// The phases that the requests of a namespace went through, in the order in which they were written.
final class PhaseHistory: Sendable {
    struct Entry: Hashable, Sendable {
        let request: String
        /// Nil when the request went.
        let phase: ReportRequestStatus.Phase?
    }

    private struct State {
        var entries: [Entry] = []
        /// The newest of the events that came. A watch that starts over tells of what there is in no order.
        var version = ""
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastListener = 0
    }

    private let state = Mutex(State())

    /// Notes every change of a phase, until it is cancelled.
    func follow(_ client: KubernetesClient, namespace: String) async {
        var version: String?
        while !Task.isCancelled {
            do {
                let events = try await client.watch(
                    ReportRequest.self, namespace: namespace,
                    options: WatchOptions(resourceVersion: version, timeoutSeconds: 300))
                for try await event in events {
                    switch event {
                    case .added(let object), .modified(let object):
                        note(Entry(request: object.metadata.name, phase: object.status?.phase))
                    case .deleted(let object):
                        note(Entry(request: object.metadata.name, phase: nil))
                    case .bookmark, .undecodable:
                        break
                    case .status:
                        version = nil
                    }
                    version = event.resourceVersion ?? version
                    if let version { reach(version) }
                }
            } catch {
                // Some tests take the server away. Tests that need its answers wait in `catchUp`, with a deadline.
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func note(_ entry: Entry) {
        state.withLock { state in
            guard state.entries.last(where: { $0.request == entry.request })?.phase != entry.phase else { return }
            state.entries.append(entry)
        }
    }

    private func reach(_ version: String) {
        let listeners = state.withLock { state in
            if ResourceVersion.isOlder(state.version, than: version) { state.version = version }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    /// Returns once the history holds everything up to that resource version: its watch is another one than those by
    /// which a test waits, and may come later.
    func catchUp(to version: String, within limit: Duration = .seconds(30)) async throws {
        let (changes, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.lastListener += 1
            state.listeners[state.lastListener] = listener
            return state.lastListener
        }
        defer { state.withLock { $0.listeners[number] = nil } }
        listener.yield()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in changes where self.holds(version) { return }
                throw CancellationError()
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw DeadlineExceeded(description: "the history of phases did not reach version \(version)")
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func holds(_ version: String) -> Bool {
        state.withLock { !ResourceVersion.isOlder($0.version, than: version) }
    }

    /// The requests in the order in which they came to run.
    var started: [String] {
        state.withLock { $0.entries.filter { $0.phase == .running }.map(\.request) }
    }

    /// The phases of one request.
    func phases(of request: String) -> [ReportRequestStatus.Phase] {
        state.withLock { $0.entries.filter { $0.request == request }.compactMap(\.phase) }
    }

    /// How many had a place at once, at most.
    var mostAtOnce: Int { mostAtOnce { _ in true } }

    /// The same of some of them, by their names.
    func mostAtOnce(of counts: (String) -> Bool) -> Int {
        state.withLock { state in
            var holders: Set<String> = []
            var most = 0
            for entry in state.entries where counts(entry.request) {
                if entry.phase?.holdsSlot == true {
                    holders.insert(entry.request)
                } else {
                    holders.remove(entry.request)
                }
                most = max(most, holders.count)
            }
            return most
        }
    }
}
