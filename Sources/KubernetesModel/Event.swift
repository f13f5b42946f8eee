/// A core `v1` Event: what `kubectl describe` shows below an object. The API server forgets it after an hour.
package struct Event: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Event", plural: "events")

    package struct Reference: Codable, Hashable, Sendable {
        package var kind: String?
        package var name: String?
        package var uid: String?

        package init(kind: String? = nil, name: String? = nil, uid: String? = nil) {
            self.kind = kind
            self.name = name
            self.uid = uid
        }

        /// What tells it from every other object of its namespace.
        package var id: String { uid ?? "\(kind ?? "")/\(name ?? "")" }

        package static let claim = "PersistentVolumeClaim"
    }

    package var metadata: ObjectMeta
    package var involvedObject: Reference?
    /// `Normal` or `Warning`.
    package var type: String?
    /// CamelCase, for programs.
    package var reason: String?
    /// For people.
    package var message: String?
}
