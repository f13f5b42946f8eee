import KubernetesModel
import ReportAPI

/// What requests tell about the operator: whether one is at work, and whether it can do its work.
enum OperatorSigns {
    /// Seconds after which something without a status says that nobody works.
    private static let patience: Int64 = 60

    /// `name`: what to call a request by; `describe`: the command that shows it.
    static func findings(
        _ requests: [ReportRequest], now: Timestamp, operatorNamespace: String,
        name: (ReportRequest) -> String = \.metadata.name, describe: (ReportRequest) -> String
    ) -> [Finding] {
        var findings: [Finding] = []
        let unseen = requests.filter { request in
            request.status?.phase == nil && isOverdue(request.metadata, now: now)
        }
        if let first = unseen.first {
            findings.append(
                .failure(
                    "operator",
                    "no operator has seen \(number(unseen, "request"))\(places(unseen)), such as \(name(first)), for "
                        + Moments.age(first.metadata.creationTimestamp, now: now),
                    mend: search(for: first.metadata.namespace, operatorNamespace: operatorNamespace)))
        }
        let unrecorded = unrecorded(requests)
        if let first = unrecorded.first {
            let message = first.status?.condition(.recorded)?.message ?? ""
            findings.append(
                .failure(
                    "record",
                    "\(number(unrecorded, "request")) can't be recorded, such as \(name(first)): \(message)",
                    mend: "fix MongoDB; the operator then catches up by itself"))
        }
        let held = requests.filter { request in
            guard let asked = request.metadata.deletionTimestamp else { return false }
            return now.seconds - asked.seconds > 120
        }
        if let first = held.first {
            findings.append(
                .warning(
                    "deletions",
                    "still there: \(number(held, "deleted request")), such as \(name(first)), held by "
                        + first.metadata.finalizers.joined(separator: ", "),
                    mend: "see docs/operations.md, \"Finalizers by hand\""))
        }
        let stuck = requests.filter { $0.status?.reason == Reason.stageNotStarting }
        if let first = stuck.first {
            findings.append(
                .warning(
                    "stages",
                    "a stage can't start, in \(number(stuck, "run")), such as \(name(first)): "
                        + (first.status?.message ?? ""),
                    mend: "see its message: \(describe(first))"))
        }
        findings += waits(requests, name: name, describe: describe)
        if let finding = ignoredChanges(requests, now: now, name: name) { findings.append(finding) }
        if let finding = secondOperator(requests, now: now) { findings.append(finding) }
        return findings
    }

    /// Runs that go on by themselves once somebody mends what is beside them.
    private static func waits(
        _ requests: [ReportRequest], name: (ReportRequest) -> String, describe: (ReportRequest) -> String
    ) -> [Finding] {
        let limits = "see its message, and what quotas and policies of its namespace allow"
        let kinds: [(subject: String, what: String, reason: String, mend: String)] = [
            ("stages", "a stage's Job can't be made", Reason.jobNotCreated, limits),
            (
                "rows", "it can't be read whether rows were published", Reason.storeUnavailable,
                "fix MongoDB; the run then ends by itself"
            ),
            (
                "locks", "the lock shared between clusters can't be had", Reason.sharedLockUnavailable,
                "fix Redis; the run then starts by itself"
            ),
        ]
        return kinds.compactMap { kind in
            let waiting = requests.filter { request in
                request.status?.reason == kind.reason && request.status?.isTerminal != true
            }
            guard let first = waiting.first else { return nil }
            return .warning(
                kind.subject,
                "\(kind.what), in \(number(waiting, "run")), such as \(name(first)): \(first.status?.message ?? "")",
                mend: "\(kind.mend): \(describe(first))")
        }
    }

    /// What somebody changed within the last day of a request that takes no such change.
    private static func ignoredChanges(
        _ requests: [ReportRequest], now: Timestamp, name: (ReportRequest) -> String
    ) -> Finding? {
        let ignored = requests.filter { request in
            guard let created = request.metadata.creationTimestamp else { return false }
            return request.status?.ignoredChange != nil && now.seconds - created.seconds < 86_400
        }
        guard let first = ignored.first else { return nil }
        return .warning(
            "changes",
            "a change has no effect, of \(number(ignored, "request")), such as \(name(first)): "
                + (first.status?.ignoredChange ?? ""),
            mend: "make a new request with what was meant: reportctl submit")
    }

    /// Two operators that act for one namespace write so on a request of the last day.
    private static func secondOperator(_ requests: [ReportRequest], now: Timestamp) -> Finding? {
        let shared = requests.filter { request in
            guard let created = request.metadata.creationTimestamp else { return false }
            return request.otherOperator != nil && request.takenBy != nil && now.seconds - created.seconds < 86_400
        }
        guard let first = shared.min(by: { $0.key < $1.key }), let one = first.takenBy, let other = first.otherOperator
        else { return nil }
        return .failure(
            "operator", "two act for namespace \(first.metadata.namespace): \(one) and \(other)",
            mend: "remove one of them, or limit it to its own namespace: docs/installation.md, \"Installing\"")
    }

    /// Whether an operator that works would have seen it.
    static func isOverdue(_ object: ObjectMeta, now: Timestamp) -> Bool {
        object.creationTimestamp.map { now.seconds - $0.seconds > patience } ?? false
    }

    /// What to do where no operator has seen something.
    static func search(for namespace: String, operatorNamespace: String) -> String {
        "see that it runs, acts for the namespace \(namespace), and what its log says: "
            + "kubectl logs -n \(operatorNamespace) -l app.kubernetes.io/name=report-operator"
    }

    /// Those that wait for MongoDB.
    static func unrecorded(_ requests: [ReportRequest]) -> [ReportRequest] {
        requests.filter { request in
            let recorded = request.status?.condition(.recorded)
            return recorded?.status == "False" && recorded?.reason == Reason.storeUnavailable
        }
    }

    private static func number(_ requests: [ReportRequest], _ noun: String) -> String {
        "\(requests.count) \(noun)\(requests.count == 1 ? "" : "s")"
    }

    /// How many namespaces they are in; nothing for one.
    private static func places(_ requests: [ReportRequest]) -> String {
        let count = Set(requests.map(\.metadata.namespace)).count
        return count > 1 ? " in \(count) namespaces" : ""
    }

    /// A program's Deployment, as far as it may be read.
    static func deployment(_ object: JSONValue, own version: String, subject: String = "operator") -> [Finding] {
        func number(_ value: JSONValue?) -> Int64 { if case .integer(let number)? = value { number } else { 0 } }
        let wanted = object["spec"]?["replicas"].map { number($0) } ?? 1
        let ready = number(object["status"]?["readyReplicas"])
        let name = object["metadata"]?["name"]?.string ?? ""
        let namespace = object["metadata"]?["namespace"]?.string ?? ""
        let image = object["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["image"]?.string ?? ""
        var findings: [Finding] = []
        if wanted == 0 {
            findings.append(
                .failure(
                    subject, "scaled to 0, image \(image)",
                    mend: "kubectl scale deployment/\(name) -n \(namespace) --replicas=2"))
        } else if ready >= wanted {
            findings.append(.ok(subject, "\(ready) of \(wanted) ready, image \(image)"))
        } else {
            findings.append(
                .failure(
                    subject, "\(ready) of \(wanted) ready, image \(image)",
                    mend:
                        "kubectl describe deployment \(name) -n \(namespace); kubectl logs deployment/\(name) -n \(namespace)"
                ))
        }
        // A digest tells no version.
        let tag = image.split(separator: "/").last.flatMap { name -> String? in
            guard !name.contains("@"), let colon = name.firstIndex(of: ":") else { return nil }
            return String(name[name.index(after: colon)...])
        }
        if let tag, tag.first?.isNumber == true || tag.hasPrefix("v"), tag.drop(while: { $0 == "v" }) != version {
            findings.append(
                .warning(
                    "versions", "reportctl is \(version), the \(subject) \(tag)",
                    mend: "use the reportctl of the \(subject)'s version"))
        }
        return findings
    }
}
