import FoundationEssentials
import KubernetesClient
public import KubernetesModel

/// Creates an object under a name that is made here.
///
/// The server's `generateName` would make two objects of one whose answer gets lost, so the name is made here and sent again
/// as it is.
public struct UniqueCreation<Resource: KubernetesResource>: Sendable {
    private let cluster: ReportCluster
    private let namespace: String
    private let manifest: @Sendable (_ name: String) throws -> JSONValue
    /// Whether an object that has the name already says what was to be created.
    private let isSame: @Sendable (Resource) -> Bool

    public init(
        _ cluster: ReportCluster, namespace: String, manifest: @escaping @Sendable (_ name: String) throws -> JSONValue,
        isSame: @escaping @Sendable (Resource) -> Bool
    ) {
        self.cluster = cluster
        self.namespace = namespace
        self.manifest = manifest
        self.isSame = isSame
    }

    /// Under that name; nil: somebody else's object has it.
    public func create(name: String) async throws -> Resource? {
        let (object, isOurs) = try await tryCreate(name)
        return isOurs ? object : nil
    }

    /// Under a name made of `base`.
    public func create(base: String) async throws -> Resource {
        while true {
            let (object, isOurs) = try await tryCreate(Self.uniqueName(base))
            if isOurs { return object }
        }
    }

    /// Tries until it is there; false: somebody else's has the name.
    private func tryCreate(_ name: String) async throws -> (Resource, isOurs: Bool) {
        let manifest = try manifest(name)
        let outcome = try await cluster.create { client throws(KubernetesError) in
            try await client.create(Resource.self, manifest: manifest, namespace: namespace)
        }
        switch outcome {
        case .created(let object): return (object, true)
        case .exists(let isRepeated):
            let found = try await ReportCluster(client: cluster.client, namespace: namespace).get(Resource.self, name)
            // The transport may have sent it twice, or the answer to the first try got lost.
            let isFresh =
                (found.metadata.creationTimestamp ?? Timestamp(seconds: 0)).seconds
                > Timestamp(Date.now).seconds - 120
            return (found, isSame(found) && (isRepeated || isFresh))
        case .unknown(let error):
            throw ClientError.creationUnknown(Resource.resourceKind, name: name, error)
        }
    }

    /// As the server makes names: five characters that spell no word.
    public static func uniqueName(_ base: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        let tail = String((0..<5).compactMap { _ in alphabet.randomElement() })
        var head = String(base.prefix(57))
        while head.last == "-" || head.last == "." { head.removeLast() }
        return "\(head)-\(tail)"
    }
}
