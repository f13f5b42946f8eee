import KubernetesModel
import ReportAPI

/// Something that the operator has to be allowed in each namespace that it acts for.
struct OperatorRight: Sendable {
    let verb: String
    let group: String
    /// With its subresource behind a slash.
    let resource: String

    static let all = [
        OperatorRight(verb: "watch", group: ReportsAPI.group, resource: "reportrequests"),
        OperatorRight(verb: "patch", group: ReportsAPI.group, resource: "reportrequests"),
        OperatorRight(verb: "patch", group: ReportsAPI.group, resource: "reportrequests/status"),
        OperatorRight(verb: "watch", group: ReportsAPI.group, resource: "reportpipelines"),
        OperatorRight(verb: "watch", group: ReportsAPI.group, resource: "reportschedules"),
        OperatorRight(verb: "watch", group: ReportsAPI.group, resource: "reporttriggers"),
        OperatorRight(verb: "patch", group: ReportsAPI.group, resource: "reporttriggers/status"),
        OperatorRight(verb: "create", group: "batch", resource: "jobs"),
        OperatorRight(verb: "create", group: "batch", resource: "cronjobs"),
        OperatorRight(verb: "watch", group: "", resource: "pods"),
        OperatorRight(verb: "create", group: "", resource: "persistentvolumeclaims"),
        OperatorRight(verb: "create", group: "", resource: "events"),
    ]

    static let reviewKind = ResourceKind(
        group: "authorization.k8s.io", version: "v1", kind: "SubjectAccessReview", plural: "subjectaccessreviews")

    /// `user`: the operator's service account.
    func review(of user: String, namespace: String) -> JSONValue {
        let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
        return .object([
            "apiVersion": .string(Self.reviewKind.apiVersion), "kind": .string(Self.reviewKind.kind),
            "spec": .object([
                "user": .string(user),
                "groups": .strings(["system:serviceaccounts", "system:authenticated"]),
                "resourceAttributes": .compact([
                    "namespace": .string(namespace), "verb": .string(verb), "group": .string(group),
                    "resource": .string(parts[0]), "subresource": parts.count > 1 ? .string(parts[1]) : nil,
                ]),
            ]),
        ])
    }

    /// `isUsed`: whether there are requests in the namespace, so that it is meant to act for it.
    static func finding(missing: [OperatorRight], user: String, namespace: String, isUsed: Bool) -> Finding? {
        guard !missing.isEmpty else { return nil }
        let rights = missing.map { right in
            "\(right.verb) \(right.resource)\(right.group.isEmpty ? "" : ".\(right.group)")"
        }
        return Finding(
            level: isUsed ? .failure : .warning, subject: "operator",
            text: "\(user) may not in namespace \(namespace): \(rights.joined(separator: ", "))",
            mend: "if the operator is to act for it, bind its role there: docs/installation.md, \"Installing\"")
    }
}
