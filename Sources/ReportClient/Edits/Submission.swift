import FoundationEssentials
import KubernetesClient
package import KubernetesModel
package import ReportAPI

/// A request on its way to the server.
package struct Submission: Sendable {
    private let cluster: ReportCluster
    private let spec: ReportRequestSpec

    package init(_ cluster: ReportCluster, spec: ReportRequestSpec) {
        self.cluster = cluster
        self.spec = spec
    }

    /// Creates it under that name; nil: somebody else's request has it.
    package func create(name: String) async throws -> ReportRequest? {
        let (request, isOurs) = try await tryCreate(name)
        return isOurs ? request : nil
    }

    /// Creates it under a name made of `base`.
    ///
    /// The server's `generateName` would make two requests of one whose answer gets lost, so the name is made here and
    /// sent again as it is.
    package func create(base: String) async throws -> ReportRequest {
        while true {
            let (request, isOurs) = try await tryCreate(Self.uniqueName(base))
            if isOurs { return request }
        }
    }

    /// Tries until it is there; false: somebody else's has the name.
    private func tryCreate(_ name: String) async throws -> (ReportRequest, isOurs: Bool) {
        let manifest = try Self.manifest(name: name, isWhole: true, spec: spec)
        let outcome = try await cluster.create { client throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: cluster.namespace)
        }
        switch outcome {
        case .created(let request): return (request, true)
        case .exists(let isRepeated):
            let found = try await cluster.get(ReportRequest.self, name)
            // The transport may have sent it twice, or the answer to the first try got lost.
            let isFresh =
                (found.metadata.creationTimestamp ?? Timestamp(seconds: 0)).seconds
                > Timestamp(Date.now).seconds - 120
            return (found, found.spec.value == spec && (isRepeated || isFresh))
        case .unknown(let error):
            throw ClientError.creationUnknown(ReportRequest.resourceKind, name: name, error)
        }
    }

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

    /// As the server makes names: five characters that spell no word.
    package static func uniqueName(_ base: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        let tail = String((0..<5).compactMap { _ in alphabet.randomElement() })
        var head = String(base.prefix(57))
        while head.last == "-" || head.last == "." { head.removeLast() }
        return "\(head)-\(tail)"
    }
}
