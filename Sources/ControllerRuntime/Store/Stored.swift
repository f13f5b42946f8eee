public import KubernetesModel

/// An object of a store, on the heap once for all who hold it.
///
/// Objects are hundreds of bytes long. In the storage of a dictionary, most of which may be empty and which is copied as
/// it grows, and in arrays of changes they would take several times that, and such pieces of memory stay with the process.
public final class Stored<R: KubernetesResource>: Sendable {
    public let object: R
    /// The version at which the store first saw it.
    let firstVersion: String

    init(_ object: R, firstVersion: String) {
        self.object = object
        self.firstVersion = firstVersion
    }

    /// One that is seen now for the first time.
    convenience init(_ object: R) { self.init(object, firstVersion: object.metadata.resourceVersion) }

    var key: ObjectKey { object.key }
    var metadata: ObjectMeta { object.metadata }

    /// The same object, seen first when `earlier` was, if that is a state of it.
    func following(_ earlier: Stored<R>?) -> Stored<R> {
        guard let earlier, earlier.metadata.uid == metadata.uid, earlier.firstVersion != firstVersion else {
            return self
        }
        return Stored(object, firstVersion: earlier.firstVersion)
    }
}

/// A `StoreChange` that still has to be told.
enum StoredChange<R: KubernetesResource>: Sendable {
    case added(Stored<R>)
    case updated(old: Stored<R>, new: Stored<R>)
    case deleted(Stored<R>)

    var told: StoreChange<R> {
        switch self {
        case .added(let stored): .added(stored.object)
        case .updated(let old, let new): .updated(old: old.object, new: new.object)
        case .deleted(let stored): .deleted(stored.object)
        }
    }
}
