import FoundationEssentials
public import KubernetesModel
public import ReportAPI

/// A delivery on its way to the server.
public struct DeliveryCreation: Sendable {
    private let creation: UniqueCreation<ReportDelivery>

    /// `label`: the name of the report's request, as a label's value.
    public init(_ cluster: ReportCluster, namespace: String, spec: ReportDeliverySpec, label: String?) {
        creation = UniqueCreation(cluster, namespace: namespace) { name in
            try Self.manifest(name: name, spec: spec, label: label)
        } isSame: {
            $0.spec.value == spec
        }
    }

    /// Creates it under a name made of `base`.
    public func create(base: String) async throws -> ReportDelivery { try await creation.create(base: base) }

    public static func manifest(name: String, spec: ReportDeliverySpec, label: String?) throws -> JSONValue {
        let encoded = try JSONEncoder().encode(spec)
        return .object([
            "apiVersion": .string(ReportDelivery.resourceKind.apiVersion),
            "kind": .string(ReportDelivery.resourceKind.kind),
            "metadata": .compact([
                "name": .string(name),
                "labels": .compact([
                    // One that came back would be another object, and would send again.
                    ReportsAPI.Label.excludeFromBackup: .string("true"),
                    ReportsAPI.Label.request: label.map(JSONValue.string),
                ]),
            ]),
            "spec": try JSONDecoder().decode(JSONValue.self, from: encoded),
        ])
    }
}
