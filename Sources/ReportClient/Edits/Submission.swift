import FoundationEssentials
public import KubernetesModel
public import ReportAPI

/// A request on its way to the server.
public struct Submission: Sendable {
    private let creation: UniqueCreation<ReportRequest>

    /// `traceParent`: the place in a trace that it is asked for at.
    public init(_ cluster: ReportCluster, spec: ReportRequestSpec, traceParent: TraceParent? = nil) {
        creation = UniqueCreation(cluster, namespace: cluster.namespace) { name in
            try Self.manifest(name: name, isWhole: true, spec: spec, traceParent: traceParent)
        } isSame: {
            $0.spec.value == spec
        }
    }

    /// Creates it under that name; nil: somebody else's request has it.
    public func create(name: String) async throws -> ReportRequest? { try await creation.create(name: name) }

    /// Creates it under a name made of `base`.
    public func create(base: String) async throws -> ReportRequest { try await creation.create(base: base) }

    /// `isWhole`: whether `name` is one, or the beginning of one that the server makes.
    public static func manifest(
        name: String, isWhole: Bool, spec: ReportRequestSpec, traceParent: TraceParent? = nil
    ) throws -> JSONValue {
        let encoded = try JSONEncoder().encode(spec)
        return .object([
            "apiVersion": .string(ReportRequest.resourceKind.apiVersion),
            "kind": .string(ReportRequest.resourceKind.kind),
            "metadata": .compact([
                isWhole ? "name" : "generateName": .string(name),
                "annotations": traceParent.map { .strings([ReportsAPI.Annotation.traceParent: $0.description]) },
            ]),
            "spec": try JSONDecoder().decode(JSONValue.self, from: encoded),
        ])
    }

    public static func uniqueName(_ base: String) -> String { UniqueCreation<ReportRequest>.uniqueName(base) }
}
