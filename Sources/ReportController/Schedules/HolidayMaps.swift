import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportPlanning
import Synchronization

/// What the ConfigMaps say that schedules name for their holidays.
///
/// Each is read by its name with every pass for its schedule, so that a request is made by what is there then, and a
/// minute after at the latest. To watch them the operator would have to be allowed to list all that there are.
final class HolidayMaps: Sendable {
    /// How long it may take until a change is noticed though the schedule doesn't tick.
    static let interval = Duration.seconds(60)
    /// The same where there is none, or it may not be read: somebody is about to mend that.
    static let intervalUntilFound = Duration.seconds(15)

    private let writer: ClusterWriter
    private let maps = Mutex<[OwnerKey: ObservedSchedule.HolidayMap]>([:])

    init(writer: ClusterWriter) { self.writer = writer }

    /// What was read last.
    func latest(for schedule: OwnerKey) -> ObservedSchedule.HolidayMap { maps.withLock { $0[schedule] ?? .unread } }

    func forget(_ schedule: OwnerKey) { maps.withLock { $0[schedule] = nil } }

    /// Reads the one that a schedule names.
    ///
    /// - Returns: when it is to be read again; nil where it names none.
    func read(for key: OwnerKey, _ schedule: ReportSchedule?) async throws -> Duration? {
        guard let schedule, let source = schedule.spec.value?.holidays?.configMap else {
            forget(key)
            return nil
        }
        let map = try await map(source.name, in: schedule.metadata.namespace)
        maps.withLock { $0[key] = map }
        if case .found = map { return Self.interval }
        return Self.intervalUntilFound
    }

    private func map(_ name: String, in namespace: String) async throws -> ObservedSchedule.HolidayMap {
        let result = await Result(catching: { () async throws(KubernetesError) in
            try await writer.client.get(ConfigMap.self, name: name, namespace: namespace)
        })
        switch result {
        case .success(let found): return .found(found.data ?? [:])
        case .failure(let error) where error.isNotFound: return .missing
        case .failure(let error) where error.isForbidden: return .refused(error.message)
        case .failure(let error): throw error
        }
    }
}
