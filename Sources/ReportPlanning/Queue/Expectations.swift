package import KubernetesModel
package import ReportAPI

/// When each run that waits will start, and when it and those that go on will end: what becomes of each queue if all runs take
/// as long as the median of their pipeline's past ones.
///
/// Where a run has no history, nothing is said of those that wait for its end.
package struct Expectations: Sendable {
    /// The runs that take turns with each other.
    package struct Group: Sendable {
        package let group: ConcurrencyGroup
        /// Those that have a place, in the order of the queue.
        package let running: [ReportRequest]
        /// Those that wait, in the order in which they will start.
        package let waiting: [ReportRequest]
    }

    /// Groups that somebody has a place in or waits for, those with waiters first.
    package let groups: [Group]
    private let expectations: [String: Expectation]
    private let positions: [String: Int]

    /// `requests`: all that are resources; of runs that have ended nothing is said.
    package init(_ requests: [ReportRequest], history: RunHistory, now: Timestamp) {
        var byID: [String: (group: ConcurrencyGroup, requests: [ReportRequest])] = [:]
        for request in requests where request.status?.isTerminal == false {
            guard let group = ConcurrencyGroup(request) else { continue }
            byID[group.id, default: (group, [])].requests.append(request)
        }
        groups = byID.values.map { group, requests in
            let sorted = requests.map { ($0, QueuePosition($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
            return Group(
                group: group, running: sorted.filter { $0.status?.phase?.holdsSlot == true },
                waiting: sorted.filter { $0.status?.phase == .queued })
        }.sorted { left, right in
            let (one, other) = (left.group, right.group)
            return (left.waiting.isEmpty ? 1 : 0, one.namespace, one.key, one.scope.rawValue)
                < (right.waiting.isEmpty ? 1 : 0, other.namespace, other.key, other.scope.rawValue)
        }
        var (expectations, positions): ([String: Expectation], [String: Int]) = ([:], [:])
        for group in groups {
            for (index, request) in group.waiting.enumerated() { positions[request.metadata.uid] = index + 1 }
            Line(group, history, now).expect { expectations[$0] = $1 }
        }
        self.expectations = expectations
        self.positions = positions
    }

    /// Of a run that waits, from 1 on.
    package func position(of uid: String) -> Int? { positions[uid] }

    /// Nil where there is no history to say anything from.
    package func expectation(of uid: String) -> Expectation? { expectations[uid] }
}

/// The places of one group, and when each becomes free.
private struct Line {
    private struct Slot {
        /// Nil where that can't be said.
        var freeAt: Timestamp?
        /// How many past runs that rests on; nil where on none, as it is free now.
        var runs: Int?
        var isOverdue = false
    }

    private let group: Expectations.Group
    private let history: RunHistory
    private let now: Timestamp

    init(_ group: Expectations.Group, _ history: RunHistory, _ now: Timestamp) {
        self.group = group
        self.history = history
        self.now = now
    }

    func expect(_ tell: (_ uid: String, Expectation) -> Void) {
        var slots: [Slot] = []
        for request in group.running {
            let (slot, expectation) = end(of: request)
            slots.append(slot)
            if let expectation { tell(request.metadata.uid, expectation) }
        }
        let limit = max(1, group.group.limit)
        while slots.count < limit {
            // A lock over several clusters may be held in another one, whose runs aren't known here.
            slots.append(Slot(freeAt: group.group.scope == .shared && !group.waiting.isEmpty ? nil : now))
        }
        for request in group.waiting {
            let (slot, expectation) = start(request, &slots, limit)
            slots.append(slot)
            if let expectation { tell(request.metadata.uid, expectation) }
        }
    }

    /// Of a run that has a place.
    private func end(of request: ReportRequest) -> (Slot, Expectation?) {
        // One that is being cancelled is over as soon as its pods are gone.
        if request.status?.phase == .cancelling { return (Slot(freeAt: now), nil) }
        guard let median = median(request) else { return (Slot(), nil) }
        let start = request.status?.startedAt ?? now
        let end = start.adding(median.seconds)
        let isOverdue = end < now
        let slot = Slot(freeAt: max(end, now), runs: median.runs, isOverdue: isOverdue)
        // Of one that is late nobody knows the end.
        return (slot, Expectation(endsAt: isOverdue ? nil : end, runs: median.runs, isOverdue: isOverdue))
    }

    /// Gives the next one that waits the place that becomes free first.
    private func start(_ request: ReportRequest, _ slots: inout [Slot], _ limit: Int) -> (Slot, Expectation?) {
        // After a limit was lowered more runs go on than may start: those that end first make no place.
        while slots.count > limit, let first = Self.first(slots) { slots.remove(at: first) }
        guard let place = Self.first(slots) else { return (Slot(), nil) }
        let slot = slots.remove(at: place)
        // Where another's end isn't known, it may be the first.
        guard let start = slot.freeAt, start <= now || slots.allSatisfy({ $0.freeAt != nil }) else {
            return (Slot(), nil)
        }
        let median = median(request)
        guard let runs = [slot.runs, median?.runs].compactMap(\.self).min() else { return (Slot(), nil) }
        let end = median.map { start.adding($0.seconds) }
        return (
            Slot(freeAt: end, runs: runs, isOverdue: slot.isOverdue),
            Expectation(startsAt: start, endsAt: end, runs: runs, isOverdue: slot.isOverdue)
        )
    }

    /// Which is free first; of those of which that isn't known the last.
    private static func first(_ slots: [Slot]) -> Int? {
        slots.indices.min { one, other in
            switch (slots[one].freeAt, slots[other].freeAt) {
            case (let one?, let other?): one < other
            case (.some, nil): true
            case (nil, _): false
            }
        }
    }

    private func median(_ request: ReportRequest) -> RunHistory.Median? {
        guard let name = request.spec.value?.pipelineRef?.name else { return nil }
        return history.median(of: ObjectKey(namespace: request.metadata.namespace, name: name))
    }
}

/// When a run will start and end, by the median of past runs.
package struct Expectation: Hashable, Sendable {
    /// Of one that waits; never before now. Nil where that can't be said.
    package var startsAt: Timestamp?
    /// Nil where that can't be said.
    package var endsAt: Timestamp?
    /// How many past runs it rests on, at the least; 0 where it rests on none.
    package var runs: Int
    /// Whether it, or a run that it waits for, takes longer than the median already: the times are the earliest then.
    package var isOverdue: Bool

    package init(startsAt: Timestamp? = nil, endsAt: Timestamp? = nil, runs: Int, isOverdue: Bool = false) {
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.runs = runs
        self.isOverdue = isOverdue
    }
}
