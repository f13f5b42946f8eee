import ReportPlanning
import Synchronization

/// What could not be created for a schedule and why, until it can be or its spec changes.
///
/// Memory only: after a restart the API server is asked again and answers the same.
final class ScheduleSetbacks: Sendable {
    private struct Entry {
        var generation: Int64
        var setbacks: [String: ObservedSchedule.Setback] = [:]
    }

    private let bySchedule = Mutex<[String: Entry]>([:])

    /// By the CronJob's name, and by ticks' uids.
    func of(_ uid: String, generation: Int64) -> [String: ObservedSchedule.Setback] {
        bySchedule.withLock { entries in
            guard let entry = entries[uid], entry.generation == generation else { return [:] }
            return entry.setbacks
        }
    }

    /// - Returns: whether it wasn't known, so that a new decision is due at once.
    func note(_ setback: ObservedSchedule.Setback, of name: String, schedule uid: String, generation: Int64) -> Bool {
        bySchedule.withLock { entries in
            var entry = entries[uid] ?? Entry(generation: generation)
            if entry.generation != generation { entry = Entry(generation: generation) }
            let isNew = entry.setbacks[name] != setback
            entry.setbacks[name] = setback
            entries[uid] = entry
            return isNew
        }
    }

    /// - Returns: whether there was one, so that its end is to be told.
    func clear(_ name: String, schedule uid: String) -> Bool {
        bySchedule.withLock { entries in
            guard entries[uid]?.setbacks.removeValue(forKey: name) != nil else { return false }
            if entries[uid]?.setbacks.isEmpty == true { entries[uid] = nil }
            return true
        }
    }

    func forget(_ uid: String) { bySchedule.withLock { $0[uid] = nil } }
}
