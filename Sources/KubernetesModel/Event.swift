/// A core `v1` Event: what `kubectl describe` shows below an object. The API server forgets it after an hour.
package struct Event: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Event", plural: "events")

    package struct Reference: Codable, Hashable, Sendable {
        package var kind: String?
        package var name: String?
        package var uid: String?
    }

    package var metadata: ObjectMeta
    package var involvedObject: Reference?
    /// `Normal` or `Warning`.
    package var type: String?
    /// CamelCase, for programs.
    package var reason: String?
    /// For people.
    package var message: String?
    /// When it was seen last; events of newer components have `eventTime` instead.
    package var lastTimestamp: Timestamp?
    package var eventTime: Timestamp?
}
