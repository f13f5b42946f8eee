import KubernetesClient
import Synchronization

/// Counts what a client asks of the API server.
final class RequestCounter: RequestObserver {
    private struct Call: Hashable {
        var verb: String
        var resource: String
    }

    private let counts = Mutex<[Call: Int]>([:])

    func requestFinished(verb: String, resource: String, code: Int?, duration: Duration) {
        // What the server can do is asked by path, as a watch begins.
        guard !resource.hasPrefix("/") else { return }
        counts.withLock { $0[Call(verb: verb, resource: resource), default: 0] += 1 }
    }

    var writes: Int { count(["create", "patch", "update", "delete"]) }

    var gets: Int { count(["get"]) }

    var lists: Int { count(["list"]) }

    var watches: Int { count(["watch"]) }

    private func count(_ verbs: Set<String>) -> Int {
        counts.withLock { $0.filter { verbs.contains($0.key.verb) }.values.reduce(0, +) }
    }

    /// For the message of an expectation that fails.
    var summary: String {
        counts.withLock { counts in
            counts.map { "\($0.key.verb) \($0.key.resource): \($0.value)" }.sorted().joined(separator: ", ")
        }
    }
}
