public import KubernetesModel

/// One line of a watch.
public enum WatchEvent<Resource: KubernetesResource>: Sendable {
    case added(Resource)
    case modified(Resource)
    /// The object in its last state, or as it was when it left the selector.
    case deleted(Resource)
    /// Nothing happened up to this version.
    case bookmark(resourceVersion: String)
    /// A change of an object that doesn't decode, or a line that isn't an event. The watch goes on.
    case undecodable(UndecodableObject)
    /// What the server had to say instead of an event, such as 410 `Expired`. The stream usually ends after it.
    case status(APIStatus)

    /// The version to go on from once this event is dealt with; nil when it has none.
    public var resourceVersion: String? {
        let version: String? =
            switch self {
            case .added(let object), .modified(let object), .deleted(let object): object.metadata.resourceVersion
            case .bookmark(let version): version
            case .undecodable(let object): object.resourceVersion
            case .status: nil
            }
        return version?.isEmpty == true ? nil : version
    }
}

extension WatchEvent: Equatable where Resource: Equatable {}
