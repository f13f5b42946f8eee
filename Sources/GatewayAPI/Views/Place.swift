package import KubernetesModel

/// Where a run waits.
package struct Place: Hashable, Sendable, JSONWritable {
    /// From 1 on.
    package var position: Int
    package var expected: Expectation?

    package init(position: Int, expected: Expectation? = nil) {
        self.position = position
        self.expected = expected
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("position", position)
            $0.member("expected", expected)
        }
    }
}

/// When a run will start and end, by the median of past runs.
package struct Expectation: Hashable, Sendable, JSONWritable {
    package var startsAt: Timestamp?
    package var endsAt: Timestamp?
    /// How many past runs it rests on.
    package var runs: Int

    package init(startsAt: Timestamp? = nil, endsAt: Timestamp? = nil, runs: Int) {
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.runs = runs
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("startsAt", startsAt)
            $0.member("endsAt", endsAt)
            $0.member("runs", runs)
        }
    }
}
