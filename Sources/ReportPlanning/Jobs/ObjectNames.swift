package import DeliveryPlanning
package import KubernetesModel

/// Names of what a run creates: pure functions of their causes, so that doing it twice finds what is there.
package enum ObjectNames {
    /// The longest a Job's name may be: its pods carry it as a label.
    private static let limit = 63

    /// The Job of a stage in an attempt.
    ///
    /// The fingerprint covers the request's uid: a request that was deleted and made again never meets the Jobs of
    /// its forerunner, and no two pairs of request and stage run together (`a-b` + `c`, `a` + `b-c`).
    package static func job(of request: ObjectMeta, stage: String, attempt: Int) -> String {
        let tail = "-\(stage.prefix(30))-\(attempt)"
        let fingerprint = jobFingerprint(uid: request.uid, stage: stage, attempt: attempt)
        return name(request.name, tail: "\(trimmed(tail))-\(fingerprint)")
    }

    /// The end of that name.
    static func jobFingerprint(uid: String, stage: String, attempt: Int) -> String {
        Fingerprint.of(uid, stage, String(attempt))
    }

    /// The run's volume claim.
    package static func workspaceClaim(of request: ObjectMeta) -> String {
        name(request.name, tail: "-workspace-\(Fingerprint.of(request.uid, "workspace"))")
    }

    /// A delivery that the operator makes at the end of the request's run.
    package static func delivery(of request: ObjectMeta, _ identity: OperatorDelivery) -> String {
        let kind = identity.isNotice ? "notice" : "delivery"
        return name(request.name, tail: "-\(kind)-\(identity.attempt)-\(identity.place)-\(identity.fingerprint)")
    }

    /// `text` as a label's value: as it is where it fits, else shortened and told apart by its fingerprint.
    package static func label(_ text: String) -> String {
        text.utf8.count <= limit ? text : name(text, tail: "-\(Fingerprint.of(text))")
    }

    private static func name(_ text: String, tail: String) -> String {
        let head = text.replacing(".", with: "-").prefix(limit - tail.utf8.count)
        return trimmed(head) + tail
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = String(text)
        while text.last == "-" { text.removeLast() }
        return text
    }
}
