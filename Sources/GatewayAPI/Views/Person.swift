package import ReportAPI

/// Who asked for a report.
package struct Person: Hashable, Sendable, JSONWritable {
    package var name: String?
    package var email: String?

    package init(name: String? = nil, email: String? = nil) {
        self.name = name
        self.email = email
    }

    package init(_ requester: ReportRequestSpec.Requester) {
        self.init(name: requester.name, email: requester.email)
    }

    package var requester: ReportRequestSpec.Requester { .init(name: name, email: email) }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("email", email)
        }
    }
}
