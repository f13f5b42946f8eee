/// The release of an API server.
public struct ServerVersion: Decodable, Hashable, Sendable {
    public let major: String
    public let minor: String
    /// Such as `v1.35.2`.
    public let gitVersion: String
}

/// One resource of a group's version, as discovery lists it; subresources have a slash in their names.
public struct ServedResource: Decodable, Hashable, Sendable {
    public let name: String
    public let kind: String
    public let namespaced: Bool
    public let verbs: [String]
}

extension KubernetesClient {
    /// The versions of a group that the server serves, its favourite first; none when the group isn't there. For programs that
    /// work with a group in whichever version there is; those of this package know theirs.
    public func servedVersions(ofGroup group: String) async throws(KubernetesError) -> [String] {
        struct Group: Decodable {
            struct Version: Decodable { let version: String }
            let versions: [Version]
            let preferredVersion: Version?
        }
        struct Core: Decodable { let versions: [String] }
        do {
            if group.isEmpty {
                return try await sender.decoded(Core.self, from: APIRequest(.get, ResourcePath(segments: ["api"])))
                    .versions
            }
            let path = ResourcePath(segments: ["apis", group])
            let found = try await sender.decoded(Group.self, from: APIRequest(.get, path))
            let preferred = found.preferredVersion?.version
            let others = found.versions.map(\.version).filter { $0 != preferred }
            return (preferred.map { [$0] } ?? []) + others
        } catch  where error.isNotFound {
            return []
        }
    }

    /// The resources of a group's version; none when it isn't there.
    public func servedResources(group: String, version: String) async throws(KubernetesError) -> [ServedResource] {
        struct Resources: Decodable { let resources: [ServedResource] }
        let path = ResourcePath(segments: group.isEmpty ? ["api", version] : ["apis", group, version])
        do {
            return try await sender.decoded(Resources.self, from: APIRequest(.get, path)).resources
        } catch  where error.isNotFound {
            return []
        }
    }

    public func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await sender.decoded(ServerVersion.self, from: APIRequest(.get, ResourcePath(segments: ["version"])))
    }
}
