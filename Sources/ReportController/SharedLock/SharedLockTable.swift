import KubernetesModel
import ReportAPI
import ReportPlanning

/// What the operator knows of the shared locks that its runs want or hold, by the runs' uids. Pure.
struct SharedLockTable {
    struct Entry {
        let key: ObjectKey
        let group: ConcurrencyGroup
        var state: State
        /// When the run asked for it.
        var wantedSince: ContinuousClock.Instant?
        /// When Redis is to be asked next; nil: when something happens.
        var due: ContinuousClock.Instant?
        /// When a hold lapses that isn't renewed.
        var lapses: ContinuousClock.Instant?

        /// What is to be asked of Redis for it, if anything.
        var call: SharedLocks.Due.Call? {
            switch state {
            case .held(let fence), .unconfirmed(let fence, _, _): .renew(fence: fence)
            case .wanted: .acquire
            case .releasing: .release
            case .lost, .released: nil
            }
        }

        /// What it means that Redis can't be asked.
        mutating func fail(_ message: String, now: ContinuousClock.Instant) {
            let text = "the shared lock \"\(group.key)\" can't be had: \(message)"
            switch state {
            case .wanted:
                state = .wanted(reason: Reason.sharedLockUnavailable, message: text)
            case .held(let fence):
                guard let lapses, lapses <= now else { return }
                state = .unconfirmed(fence: fence, reason: Reason.sharedLockUnavailable, message: text)
            case .unconfirmed(let fence, _, _):
                state = .unconfirmed(fence: fence, reason: Reason.sharedLockUnavailable, message: text)
            case .releasing:
                if let lapses, lapses <= now { state = .released }
            case .lost, .released:
                break
            }
        }
    }

    enum State: Hashable {
        case wanted(reason: String, message: String)
        case held(fence: Int64)
        /// Held before; whether it still is, is being asked.
        case unconfirmed(fence: Int64, reason: String, message: String)
        case lost
        case releasing
        case released
    }

    private(set) var entries: [String: Entry] = [:]

    mutating func take(_ group: ConcurrencyGroup, key: ObjectKey, uid: String, now: ContinuousClock.Instant) {
        switch entries[uid]?.state {
        case .wanted, .held, .unconfirmed, .releasing: return
        case .lost, .released, nil: break
        }
        entries[uid] = Entry(
            key: key, group: group,
            state: .wanted(
                reason: Reason.waitingForSharedLock, message: "waits for the shared lock \"\(group.key)\""),
            wantedSince: now, due: now)
    }

    mutating func keep(
        _ group: ConcurrencyGroup, fence: Int64, key: ObjectKey, uid: String, now: ContinuousClock.Instant
    ) {
        guard entries[uid] == nil else { return }
        entries[uid] = Entry(
            key: key, group: group,
            state: .unconfirmed(
                fence: fence, reason: Reason.waitingForSharedLock,
                message: "the shared lock \"\(group.key)\" is being confirmed"),
            due: now)
    }

    mutating func release(_ group: ConcurrencyGroup, key: ObjectKey, uid: String, now: ContinuousClock.Instant) {
        switch entries[uid]?.state {
        case .releasing, .released: return
        case .wanted, .held, .unconfirmed, .lost, nil: break
        }
        let lapses = entries[uid]?.lapses
        entries[uid] = Entry(key: key, group: group, state: .releasing, due: now, lapses: lapses)
    }

    mutating func forget(_ uid: String) { entries[uid] = nil }

    mutating func update(_ uid: String, _ edit: (inout Entry) -> Void) {
        guard var entry = entries[uid] else { return }
        edit(&entry)
        entries[uid] = entry
    }

    /// What a decision about the run may rest on at that moment: a lease that has run out isn't a hold, whoever has it.
    func observed(_ uid: String, now: ContinuousClock.Instant) -> ObservedRun.Lock {
        guard let entry = entries[uid] else { return .idle }
        if case .held = entry.state, let lapses = entry.lapses, lapses <= now {
            return .waiting(
                reason: Reason.sharedLockUnavailable,
                message: "the shared lock \"\(entry.group.key)\" could not be renewed in time; it is being confirmed")
        }
        return switch entry.state {
        case .wanted(let reason, let message): .waiting(reason: reason, message: message)
        case .held(let fence): .held(fence: fence)
        case .unconfirmed(_, let reason, let message): .waiting(reason: reason, message: message)
        case .lost: .lost
        case .releasing: .releasing
        case .released: .released
        }
    }
}
