package import KubernetesModel

/// How far a zone's clocks are from UTC at each moment: what a file of the zone database says.
package struct ZoneRules: Hashable, Sendable {
    /// The moments at which the offset changes, ascending, in seconds since 1970.
    private let transitions: [Int64]
    /// The offset from each transition on, in seconds east of UTC.
    private let offsets: [Int32]
    private let initialOffset: Int32
    /// What holds after the last transition.
    private let rule: ZoneRule?

    package static let utc = ZoneRules(transitions: [], offsets: [], initialOffset: 0, rule: nil)

    /// `transitions` and `offsets` are of one length.
    init(transitions: [Int64], offsets: [Int32], initialOffset: Int32, rule: ZoneRule?) {
        self.transitions = transitions
        self.offsets = offsets
        self.initialOffset = initialOffset
        self.rule = rule
    }

    /// Seconds east of UTC.
    package func offset(at moment: Timestamp) -> Int64 {
        let count = transitionsUpTo(moment.seconds)
        if count == transitions.count, let rule { return rule.offset(at: moment.seconds) }
        return Int64(count == 0 ? initialOffset : offsets[count - 1])
    }

    private func transitionsUpTo(_ seconds: Int64) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What the zone's clocks and calendars show at that moment.
    package func local(_ moment: Timestamp) -> LocalTime {
        LocalTime(moment, offset: offset(at: moment))
    }

    /// The moment at which clocks show that; an hour or a day out of bounds counts on into the next or the last.
    ///
    /// Where they show it twice or never, the offset before the change decides or the one after it, as Go's `time.Date`
    /// has it, which Kubernetes' schedules rest on.
    package func moment(_ date: CalendarDate, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0) -> Timestamp {
        let clock = date.daysSinceEpoch * 86400 + hour * 3600 + minute * 60 + second
        let first = clock - offset(at: Timestamp(seconds: clock))
        return Timestamp(seconds: clock - offset(at: Timestamp(seconds: first)))
    }
}
