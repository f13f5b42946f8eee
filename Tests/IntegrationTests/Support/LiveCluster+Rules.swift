import ClusterSupport
import KubernetesClient
import Testing

extension LiveCluster {
    /// Whether the server checks the rules of a schema (`x-kubernetes-validations`); before Kubernetes 1.25 it drops
    /// them.
    func checksRules() async throws -> Bool { try await isRelease(atLeast: 25) }

    /// Whether the server is of Kubernetes 1.`minor` or a later one.
    func isRelease(atLeast minor: Int) async throws -> Bool {
        let version = try await client.serverVersion()
        // Some providers write "25+".
        let own = try #require(Int(version.minor.prefix { $0.isNumber }))
        return version.major != "1" || own >= minor
    }

    /// What the server says when it refuses as invalid what `body` asks for.
    func refusal(_ body: () async throws -> Void) async throws -> String {
        let error = try await #require(throws: KubernetesError.self) { try await body() }
        try #require(error.isInvalid, "\(error)")
        return error.message
    }
}
