import KubernetesModel

/// An owner of other objects, by its uid: also one that is gone. The namespace belongs to it, since a writer in
/// another one can put any uid there.
struct OwnerKey: Hashable, Sendable, CustomStringConvertible {
    let namespace: String
    let uid: String

    /// As an index' value.
    var description: String { "\(namespace)/\(uid)" }
}

extension ObjectMeta {
    /// This object as an owner.
    var ownerKey: OwnerKey { OwnerKey(namespace: namespace, uid: uid) }
}
