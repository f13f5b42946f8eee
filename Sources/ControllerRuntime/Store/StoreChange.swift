public import KubernetesModel

/// What became of one object of a store.
public enum StoreChange<R: KubernetesResource>: Sendable {
    case added(R)
    case updated(old: R, new: R)
    /// The object as it was last seen. A deletion that fell into a gap of the watch shows an older state than the final.
    case deleted(R)

    /// The object after the change, or the last state of a deleted one.
    public var object: R {
        switch self {
        case .added(let object), .updated(_, let object), .deleted(let object): object
        }
    }
}
