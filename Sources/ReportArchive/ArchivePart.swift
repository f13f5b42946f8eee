/// Which reports an export is about: those for which all that is set holds.
package struct ArchivePart: Hashable, Sendable {
    package var namespace: String?
    package var pipeline: String?
    /// An e-mail address or a name.
    package var requester: String?

    package init(namespace: String? = nil, pipeline: String? = nil, requester: String? = nil) {
        self.namespace = namespace
        self.pipeline = pipeline
        self.requester = requester
    }

    /// For sentences.
    package var words: String {
        let conditions = [("namespace", namespace), ("pipeline", pipeline), ("requester", requester)].compactMap {
            name, value in value.map { "the \(name) \(QuotedText.quoted($0))" }
        }
        return conditions.isEmpty ? "all reports" : "the reports of \(conditions.joined(separator: " and "))"
    }

    init(_ line: inout ValueReader) throws(ArchiveFault) {
        self.init()
        guard !line.take("all reports") else { return }
        try line.expect("the reports of ")
        repeat {
            if line.take("the namespace ") {
                namespace = try line.text()
            } else if line.take("the pipeline ") {
                pipeline = try line.text()
            } else {
                try line.expect("the requester ")
                requester = try line.text()
            }
        } while line.take(" and ")
    }
}

/// A moment of the server's own clock.
package struct ServerTime: Hashable, Sendable, Comparable {
    package let seconds: UInt32
    package let increment: UInt32

    package init(seconds: UInt32, increment: UInt32) {
        self.seconds = seconds
        self.increment = increment
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.seconds, left.increment) < (right.seconds, right.increment)
    }
}
