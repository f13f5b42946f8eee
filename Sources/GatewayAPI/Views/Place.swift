import KubernetesModel
package import ReportPlanning

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

extension Expectation: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("startsAt", startsAt)
            $0.member("endsAt", endsAt)
            $0.member("runs", runs)
            if isOverdue { $0.member("overdue", true) }
        }
    }
}

extension Expectations {
    /// Where a run waits; nil of one that doesn't.
    package func place(of uid: String) -> Place? {
        position(of: uid).map { Place(position: $0, expected: expectation(of: uid)) }
    }
}
