import KubernetesModel
import ReportPlanning
import Synchronization

/// What events have said of Jobs and pods that don't start, until their run is over.
///
/// Memory only: after a restart they are read again.
final class Obstacles: Sendable {
    private let byRequest = Mutex<[String: [String: ObservedRun.Obstacle]]>([:])

    /// Those of the request of that uid, by the uid of the Job or pod.
    func of(_ uid: String) -> [String: ObservedRun.Obstacle] { byRequest.withLock { $0[uid] ?? [:] } }

    func note(
        _ warning: ObservedRun.Obstacle.Warning?, of uid: String, request: String, at time: Timestamp
    ) {
        byRequest.withLock { obstacles in
            let before = obstacles[request]?[uid]
            obstacles[request, default: [:]][uid] = ObservedRun.Obstacle(
                warning: warning ?? before?.warning, readAt: time, reads: (before?.reads ?? 0) + 1)
        }
    }

    func forget(_ uid: String) { byRequest.withLock { $0[uid] = nil } }
}
