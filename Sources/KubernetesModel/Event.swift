/// A core `v1` Event: what `kubectl describe` shows below an object. The API server forgets it after an hour.
public struct Event: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Event", plural: "events")

    public struct Reference: Codable, Hashable, Sendable {
        public var kind: String?
        public var name: String?
        public var uid: String?

        public init(kind: String? = nil, name: String? = nil, uid: String? = nil) {
            self.kind = kind
            self.name = name
            self.uid = uid
        }

        /// What tells it from every other object of its namespace.
        public var id: String { uid ?? "\(kind ?? "")/\(name ?? "")" }

        public static let claim = "PersistentVolumeClaim"
    }

    public var metadata: ObjectMeta
    public var involvedObject: Reference?
    /// `Normal` or `Warning`.
    public var type: String?
    /// CamelCase, for programs.
    public var reason: String?
    /// For people.
    public var message: String?
}
