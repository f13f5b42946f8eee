/// Where a resource lives in the API: its group, version, kind and plural name.
public struct ResourceKind: Hashable, Sendable {
    /// The API group; empty for the core group.
    public let group: String
    public let version: String
    public let kind: String
    /// The lower-case plural that is in the path, such as `jobs`.
    public let plural: String

    public init(group: String, version: String, kind: String, plural: String) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
    }

    /// `group/version`, or the version alone for the core group: what a manifest's `apiVersion` says.
    public var apiVersion: String {
        group.isEmpty ? version : "\(group)/\(version)"
    }

    /// `plural.group`, as kubectl names a resource in messages; the plural alone for the core group.
    public var qualifiedName: String {
        group.isEmpty ? plural : "\(plural).\(group)"
    }
}

/// A namespaced resource, decoded to the fields that this project uses.
///
/// Decoding drops everything else (`managedFields`, pod templates), so a cached object costs what it tells.
public protocol KubernetesResource: Codable, Sendable {
    static var resourceKind: ResourceKind { get }
    var metadata: ObjectMeta { get set }

    /// The object as a cache should keep it, without what nobody will ask of it again.
    var trimmedForCache: Self { get }

    /// Why its spec counts for nothing though the API server took it, such as its size; nil where it counts.
    var specFault: String? { get }
}

extension KubernetesResource {
    public var trimmedForCache: Self { self }

    public var specFault: String? { nil }

    public var key: ObjectKey { metadata.key }
}
