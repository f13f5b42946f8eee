import KubernetesClient
import KubernetesModel
import ReportAPI
import Synchronization

/// The phases that the requests of a namespace went through, in the order in which they were written.
final class PhaseHistory: Sendable {
    struct Entry: Hashable, Sendable {
        let request: String
        /// Nil when the request went.
        let phase: ReportRequestStatus.Phase?
    }

    private let entries = Mutex<[Entry]>([])

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
                }
            } catch {
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func note(_ entry: Entry) {
        entries.withLock { entries in
            guard entries.last(where: { $0.request == entry.request })?.phase != entry.phase else { return }
            entries.append(entry)
        }
    }

    /// The requests in the order in which they came to run.
    var started: [String] {
        entries.withLock { $0.filter { $0.phase == .running }.map(\.request) }
    }

    /// The phases of one request.
    func phases(of request: String) -> [ReportRequestStatus.Phase] {
        entries.withLock { $0.filter { $0.request == request }.compactMap(\.phase) }
    }

    /// How many had a place at once, at most.
    var mostAtOnce: Int {
        entries.withLock { entries in
            var holders: Set<String> = []
            var most = 0
            for entry in entries {
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
