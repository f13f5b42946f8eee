import KubernetesModel
import ReportAPI

/// Something that a command asks of the API server, and that a person may or may not be allowed.
struct Permission: Sendable {
    let verb: String
    let group: String
    /// With its subresource behind a slash.
    let resource: String
    /// What doesn't work without it.
    let commands: String
    /// Whether the role `view` brings it.
    let isForViewing: Bool

    static let all = [
        Permission(
            verb: "list", group: ReportsAPI.group, resource: "reportrequests", commands: "list, queue, watch",
            isForViewing: true),
        Permission(
            verb: "watch", group: ReportsAPI.group, resource: "reportrequests", commands: "watch, --wait, --follow",
            isForViewing: true),
        Permission(
            verb: "get", group: ReportsAPI.group, resource: "reportpipelines", commands: "submit, pipelines",
            isForViewing: true),
        Permission(
            verb: "list", group: ReportsAPI.group, resource: "reportpipelines", commands: "pipelines, doctor",
            isForViewing: true),
        Permission(
            verb: "get", group: ReportsAPI.group, resource: "reportschedules", commands: "run-now", isForViewing: true),
        Permission(
            verb: "list", group: ReportsAPI.group, resource: "reportschedules", commands: "schedules, doctor",
            isForViewing: true),
        Permission(
            verb: "list", group: ReportsAPI.group, resource: "reporttriggers", commands: "doctor", isForViewing: true),
        Permission(
            verb: "list", group: "", resource: "pods", commands: "logs, --follow", isForViewing: true),
        Permission(verb: "watch", group: "", resource: "pods", commands: "logs -f, --follow", isForViewing: true),
        Permission(verb: "get", group: "", resource: "pods/log", commands: "logs, --follow", isForViewing: true),
        Permission(
            verb: "create", group: ReportsAPI.group, resource: "reportrequests", commands: "submit", isForViewing: false
        ),
        Permission(
            verb: "patch", group: ReportsAPI.group, resource: "reportrequests", commands: "cancel, retry",
            isForViewing: false),
        // With the roles of the courier, which not every installation has.
        Permission(
            verb: "list", group: ReportsAPI.group, resource: "reportdeliveries", commands: "deliveries, resend, doctor",
            isForViewing: false),
        Permission(
            verb: "create", group: ReportsAPI.group, resource: "reportdeliveries", commands: "resend",
            isForViewing: false),
        Permission(
            verb: "get", group: "batch", resource: "cronjobs", commands: "run-now", isForViewing: true),
        Permission(verb: "create", group: "batch", resource: "jobs", commands: "run-now", isForViewing: false),
    ]

    static let reviewKind = ResourceKind(
        group: "authorization.k8s.io", version: "v1", kind: "SelfSubjectAccessReview",
        plural: "selfsubjectaccessreviews")

    func review(namespace: String) -> JSONValue {
        let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
        return .object([
            "apiVersion": .string(Self.reviewKind.apiVersion), "kind": .string(Self.reviewKind.kind),
            "spec": .object([
                "resourceAttributes": .compact([
                    "namespace": .string(namespace), "verb": .string(verb), "group": .string(group),
                    "resource": .string(parts[0]), "subresource": parts.count > 1 ? .string(parts[1]) : nil,
                ])
            ]),
        ])
    }

    /// One finding for all: what is missing, by what doesn't work without it.
    static func finding(denied: [Permission], namespace: String) -> Finding {
        let subject = "permissions"
        guard !denied.isEmpty else { return .ok(subject, "all commands may be used in namespace \(namespace)") }
        let missing = denied.map { permission in
            let group = permission.group.isEmpty ? "" : ".\(permission.group)"
            return "\(permission.verb) \(permission.resource)\(group) (\(permission.commands))"
        }.joined(separator: ", ")
        let text = "you lack permissions in namespace \(namespace): \(missing)"
        guard denied.contains(where: \.isForViewing) else {
            return .warning(
                subject, text,
                mend: "if you are to ask for reports, have the ClusterRole edit bound to you in namespace \(namespace)")
        }
        return .failure(
            subject, text,
            mend: "have the ClusterRole view (to look) or edit (to submit) bound to you in namespace \(namespace)")
    }
}
