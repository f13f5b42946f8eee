package import KubernetesModel
package import ReportAPI

/// What there is under a message's name already, judged in the same way whatever way the message came.
extension Verdict {
    /// Whether what has the name is what the message asks for, by its manifest.
    package init(on existing: ReportRequest, asked manifest: JSONValue) {
        if existing.metadata.isDeleting {
            // Soon it is gone, and the message with it if it were acknowledged now.
            self = .waits(for: existing.key)
        } else if existing.asksTheSame(as: manifest) {
            self = .accepted
        } else {
            self = .rejected(
                reason: "id: \"\(existing.metadata.name)\" is the name of a request in namespace "
                    + "\(existing.metadata.namespace) that asks for something else; choose another id")
        }
    }

    /// For the end of one that is being deleted.
    package static func waits(for key: ObjectKey) -> Verdict {
        .postponed(Postponement("the request \(key) of before is being deleted", scope: .message))
    }
}
