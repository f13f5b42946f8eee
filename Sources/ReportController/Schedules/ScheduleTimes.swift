import Calendars
import KubernetesModel
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import Synchronization

/// When schedules have to tick next, and when their runs last succeeded: what their metrics tell.
final class ScheduleTimes: Sendable {
    struct Entry {
        let label: String
        /// Counted from here on, or from the newest tick: when this generation of the schedule was first seen. Times before
        /// it are another spec's, or nobody of this process knows whose.
        let from: Timestamp
        let generation: Int64
        var next: Timestamp?
        var lastSuccess: Timestamp?
    }

    private let entries = Mutex<[OwnerKey: Entry]>([:])
    private let labels = BoundedLabels<String>()

    /// What a pass has seen of a schedule, which may be gone.
    func note(_ observed: ObservedSchedule, of key: OwnerKey, at now: Timestamp) {
        guard let schedule = observed.schedule, let spec = schedule.spec.value else {
            entries.withLock { $0[key] = nil }
            return
        }
        let generation = schedule.metadata.generation
        let known = entries.withLock { $0[key] }
        let from = known.flatMap { $0.generation == generation ? $0.from : nil } ?? now
        let newest = schedule.status?.lastScheduleTime
        var entry = Entry(
            label: "\(schedule.metadata.namespace)/\(schedule.metadata.name)", from: from, generation: generation)
        entry.lastSuccess = schedule.status?.lastSuccessfulTime
        if !(spec.suspend ?? false), case .known(let zone) = observed.zone,
            let expression = try? CronExpression(spec.schedule)
        {
            entry.next = expression.next(after: max(from, newest ?? from), in: zone)
        }
        entries.withLock { $0[key] = entry }
    }

    /// One value for each schedule; of those that aren't told apart the earliest.
    func samples(_ value: (Entry) -> Timestamp?) -> [(labels: [(String, String)], value: Double)] {
        entries.withLock { entries in
            var earliest: [String: Timestamp] = [:]
            for entry in entries.values {
                guard let time = value(entry) else { continue }
                let label = labels.bounded(entry.label)
                earliest[label] = min(time, earliest[label] ?? time)
            }
            return earliest.map { (labels: [("schedule", $0.key)], value: Double($0.value.seconds)) }
        }
    }
}
