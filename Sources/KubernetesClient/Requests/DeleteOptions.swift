/// How to delete, and only when what is meant.
public struct DeleteOptions: Hashable, Sendable {
    public enum Propagation: String, Hashable, Sendable, Encodable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    /// What becomes of the dependents. There is no default: the server's own differs by resource, and that of a Job
    /// leaves its pods behind.
    public var propagation: Propagation
    /// Delete only the object with this UID: its name may have been taken by another since.
    public var uid: String?
    public var resourceVersion: String?

    public init(propagation: Propagation, uid: String? = nil, resourceVersion: String? = nil) {
        self.propagation = propagation
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}

extension DeleteOptions: Encodable {
    private enum CodingKeys: String, CodingKey { case apiVersion, kind, propagationPolicy, preconditions }

    private enum PreconditionKeys: String, CodingKey { case uid, resourceVersion }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("v1", forKey: .apiVersion)
        try container.encode("DeleteOptions", forKey: .kind)
        try container.encode(propagation, forKey: .propagationPolicy)
        guard uid != nil || resourceVersion != nil else { return }
        var preconditions = container.nestedContainer(keyedBy: PreconditionKeys.self, forKey: .preconditions)
        try preconditions.encodeIfPresent(uid, forKey: .uid)
        try preconditions.encodeIfPresent(resourceVersion, forKey: .resourceVersion)
    }
}
