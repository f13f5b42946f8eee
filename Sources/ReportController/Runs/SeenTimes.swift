import KubernetesModel
import ReportPlanning
import Synchronization

/// When Jobs and pods of runs, and their ends, were first seen, by the operator's clock, and when Jobs were told to stop. Memory
/// only: after a restart waits start over. Where that clock is set back, they start over too, instead of lasting for as long as
/// it was wrong.
final class SeenTimes: Sendable {
    private let byRequest = Mutex<[ObjectKey: [String: Timestamp]]>([:])

    /// Those that are seen now, or remembered; the rest is forgotten.
    func note(_ sightings: Sightings, of request: ObjectKey, at now: Timestamp) -> [String: Timestamp] {
        byRequest.withLock { times in
            let before = times[request] ?? [:]
            var seen = Dictionary(sightings.present.map { ($0, min(before[$0] ?? now, now)) }) { first, _ in first }
            for name in sightings.remembered { seen[name] = before[name] }
            seen.merge(sightings.stopped) { $1 }
            times[request] = seen.isEmpty ? nil : seen
            return seen
        }
    }

    /// Of how many requests something is seen.
    var count: Int { byRequest.withLock { $0.count } }

    func forget(_ request: ObjectKey) { byRequest.withLock { $0[request] = nil } }
}
