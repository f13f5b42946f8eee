internal import KubernetesModel
package import ReportAPI

/// Who asked for a report. By the exact bytes of name and address: who may ask for others only isn't asked of the same.
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

    package static func == (left: Person, right: Person) -> Bool {
        left.name.map(ExactName.init) == right.name.map(ExactName.init)
            && left.email.map(ExactName.init) == right.email.map(ExactName.init)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name.map(ExactName.init))
        hasher.combine(email.map(ExactName.init))
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("email", email)
        }
    }
}
