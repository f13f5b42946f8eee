/// A namespaced resource, decoded to the fields that this project uses.
///
/// Decoding drops everything else (`managedFields`, pod templates), so a cached object costs what it tells.
package protocol KubernetesResource: Codable, Sendable {
    static var resourceKind: ResourceKind { get }
    var metadata: ObjectMeta { get set }

    /// The object as a cache should keep it, without what nobody will ask of it again.
    var trimmedForCache: Self { get }
}

extension KubernetesResource {
    package var trimmedForCache: Self { self }

    package var key: ObjectKey { metadata.key }
}
