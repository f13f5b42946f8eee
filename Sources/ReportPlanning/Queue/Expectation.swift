package import KubernetesModel

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
