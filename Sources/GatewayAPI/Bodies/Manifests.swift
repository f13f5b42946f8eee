import FoundationEssentials
import JSONReading
package import KubernetesModel
package import ReportAPI

/// What the API server is sent to create something.
package enum Manifests {
    package static func request(
        name: String, labels: [String: String] = [:], traceParent: TraceParent? = nil, spec: ReportRequestSpec
    ) throws -> JSONValue {
        let annotations = traceParent.map { [ReportsAPI.Annotation.traceParent: $0.description] }
        return try object(ReportRequest.resourceKind, name, labels, annotations: annotations, spec: json(spec))
    }

    /// `resourceVersion`: of what it replaces.
    package static func schedule(
        name: String, labels: [String: String] = [:], resourceVersion: String? = nil, spec: ReportScheduleSpec
    ) throws -> JSONValue {
        var encoded = try encoded(spec)
        encoded = encoded.merging(.object(["request": .object(["spec": try json(spec.request.spec)])]))
        return object(ReportSchedule.resourceKind, name, labels, resourceVersion: resourceVersion, spec: encoded)
    }

    /// `request`: the name of the report's request, as a label's value.
    package static func delivery(
        name: String, request: String?, labels: [String: String] = [:], spec: ReportDeliverySpec
    ) throws -> JSONValue {
        var labels = labels
        // One that came back from a backup would be another object, and would send again.
        labels[ReportsAPI.Label.excludeFromBackup] = "true"
        labels[ReportsAPI.Label.request] = request
        return object(ReportDelivery.resourceKind, name, labels, spec: try encoded(spec))
    }

    private static func object(
        _ kind: ResourceKind, _ name: String, _ labels: [String: String], annotations: [String: String]? = nil,
        resourceVersion: String? = nil, spec: JSONValue
    ) -> JSONValue {
        .object([
            "apiVersion": .string(kind.apiVersion),
            "kind": .string(kind.kind),
            "metadata": .compact([
                "name": .string(name),
                "labels": labels.isEmpty ? nil : .strings(labels),
                "annotations": annotations.map(JSONValue.strings),
                "resourceVersion": resourceVersion.map(JSONValue.string),
            ]),
            "spec": spec,
        ])
    }

    /// Numbers among the parameters keep their digits, for which Codable has no number.
    private static func json(_ spec: ReportRequestSpec) throws -> JSONValue {
        guard let parameters = spec.parameters, case .object(var members) = try encoded(spec) else {
            return try encoded(spec)
        }
        members["parameters"] = .object(parameters)
        return .object(members)
    }

    private static func encoded(_ value: some Encodable) throws -> JSONValue {
        try JSONReader().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }
}
