import KubernetesModel
import ReportPlanning
import Synchronization

/// What events have said of Jobs and pods that don't start, until their run is over.
///
/// Memory only: after a restart they are read again.
final class Obstacles: Sendable {
    private let byRequest = Mutex<[String: [String: ObservedRun.Obstacle]]>([:])

    /// Those of the request of that uid, by the object's id.
    func of(_ uid: String) -> [String: ObservedRun.Obstacle] { byRequest.withLock { $0[uid] ?? [:] } }

    func note(
        _ news: ObservedRun.Obstacle.News, of id: String, request: String, at time: Timestamp
    ) {
        byRequest.withLock { obstacles in
            let before = obstacles[request]?[id]
            obstacles[request, default: [:]][id] = ObservedRun.Obstacle(
                warning: news.warning(after: before?.warning), readAt: time, reads: (before?.reads ?? 0) + 1)
        }
    }

    func forget(_ uid: String) { byRequest.withLock { $0[uid] = nil } }
}
