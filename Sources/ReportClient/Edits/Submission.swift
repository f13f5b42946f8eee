import FoundationEssentials
package import KubernetesModel
package import ReportAPI

/// A request on its way to the server.
package struct Submission: Sendable {
    private let creation: UniqueCreation<ReportRequest>

    package init(_ cluster: ReportCluster, spec: ReportRequestSpec) {
        creation = UniqueCreation(cluster, namespace: cluster.namespace) { name in
            try Self.manifest(name: name, isWhole: true, spec: spec)
        } isSame: {
            $0.spec.value == spec
        }
    }

    /// Creates it under that name; nil: somebody else's request has it.
    package func create(name: String) async throws -> ReportRequest? { try await creation.create(name: name) }

    /// Creates it under a name made of `base`.
    package func create(base: String) async throws -> ReportRequest { try await creation.create(base: base) }

    /// `isWhole`: whether `name` is one, or the beginning of one that the server makes.
    package static func manifest(name: String, isWhole: Bool, spec: ReportRequestSpec) throws -> JSONValue {
        let encoded = try JSONEncoder().encode(spec)
        return .object([
            "apiVersion": .string(ReportRequest.resourceKind.apiVersion),
            "kind": .string(ReportRequest.resourceKind.kind),
            "metadata": .object([isWhole ? "name" : "generateName": .string(name)]),
            "spec": try JSONDecoder().decode(JSONValue.self, from: encoded),
        ])
    }

    package static func uniqueName(_ base: String) -> String { UniqueCreation<ReportRequest>.uniqueName(base) }
}
