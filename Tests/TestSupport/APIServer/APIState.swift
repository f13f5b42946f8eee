import FoundationEssentials
package import KubernetesModel
import Synchronization

/// What an API server holds at one moment, with the events that have led there. A value: a copy is a server on which
/// something else happens.
package struct APIState: Sendable {
    /// One version of an object.
    package final class Object: Sendable {
        package let json: JSONValue
        let text: Data
        /// What it was decoded to, by type: many look at each version, and decoding is most of what a simulation does.
        private let typed = Mutex<[ObjectIdentifier: any Sendable]>([:])

        init(_ json: JSONValue) {
            self.json = json
            text = Data(json.jsonText)
        }

        package func decoded<Value: Decodable & Sendable>(_ type: Value.Type) throws -> Value {
            if let known = typed.withLock({ $0[ObjectIdentifier(type)] }) as? Value { return known }
            let value = try JSONDecoder().decode(type, from: text)
            typed.withLock { $0[ObjectIdentifier(type)] = value }
            return value
        }

        package var metadata: JSONValue { json["metadata"] ?? .null }
        package var uid: String { metadata["uid"]?.string ?? "" }
        package var version: String { metadata["resourceVersion"]?.string ?? "" }
        package var finalizers: [String] { metadata["finalizers"]?.array?.compactMap(\.string) ?? [] }
        package var isDeleting: Bool { metadata["deletionTimestamp"] != nil }
        package var key: ObjectKey {
            ObjectKey(namespace: metadata["namespace"]?.string ?? "", name: metadata["name"]?.string ?? "")
        }
        var owners: [JSONValue] { metadata["ownerReferences"]?.array ?? [] }
    }

    /// What a watch tells.
    package struct Event: Sendable {
        package enum Change: Sendable { case added, modified, deleted }

        package let resource: String
        package let change: Change
        package let object: Object
    }

    package var now = Timestamp.start
    /// By resource, such as `jobs.batch`.
    package private(set) var objects: [String: [ObjectKey: Object]] = [:]
    /// All that ever happened, in order.
    package private(set) var events: [Event] = []
    /// Writes that came by way of the API.
    package internal(set) var writes = 0
    /// What has been refused, by way of the API.
    package internal(set) var refusals: [String] = []
    /// Changes what is written before it is kept, as a server does that doesn't know a field.
    package var admission: @Sendable (String, JSONValue, Timestamp) -> JSONValue = { _, json, _ in json }
    private var lastVersion = 100
    private var lastUID = 0
    private var pages: [String: [Object]] = [:]

    package init() {}

    /// The version of the last write.
    package var version: String { String(lastVersion) }

    package func object(_ resource: String, _ key: ObjectKey) -> Object? { objects[resource]?[key] }

    /// In the order of their names.
    package func all(_ resource: String) -> [Object] {
        (objects[resource] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }

    // MARK: Verbs

    /// Makes an object. What is given by a test keeps its uid and its time.
    @discardableResult
    mutating func create(
        _ resource: String, _ manifest: JSONValue, namespace: String, asIs: Bool = false
    ) throws(APIRefusal) -> Object {
        guard let name = manifest["metadata"]?["name"]?.string, !name.isEmpty else {
            throw APIRefusal(422, "Invalid", "metadata.name: Required value: name is required")
        }
        let key = ObjectKey(namespace: namespace, name: name)
        guard object(resource, key) == nil else {
            throw APIRefusal(409, "AlreadyExists", "\(resource) \"\(name)\" already exists")
        }
        lastUID += 1
        let digits = String(lastUID)
        let given = manifest["metadata"]
        let uid = "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        let keepsUID = asIs && given?["uid"]?.string?.isEmpty == false
        var json = asIs ? manifest : manifest.setting("status", nil)
        json = json.editing("metadata") {
            $0.setting("namespace", .string(namespace)).setting("generation", .integer(1))
                .setting("uid", keepsUID ? given?["uid"] : .string(uid))
                .setting("creationTimestamp", asIs ? given?["creationTimestamp"] ?? stamp : stamp)
                .setting("deletionTimestamp", asIs ? given?["deletionTimestamp"] : nil)
        }
        return put(resource, admission(resource, json, now), .added)
    }

    /// Lays a merge patch over an object, over its status alone or over all but that.
    @discardableResult
    mutating func patch(
        _ resource: String, _ key: ObjectKey, _ patch: JSONValue, subresource: String? = nil
    ) throws(APIRefusal) -> Object {
        guard let old = object(resource, key) else { throw notFound(resource, key.name) }
        if let version = patch["metadata"]?["resourceVersion"]?.string, version != old.version {
            throw APIRefusal(
                409, "Conflict", "Operation cannot be fulfilled on \(resource) \"\(key.name)\": it has been modified")
        }
        if let uid = patch["metadata"]?["uid"]?.string, uid != old.uid {
            throw APIRefusal(422, "Invalid", "metadata.uid: Invalid value: \"\(uid)\": field is immutable")
        }
        let merged = old.json.patched(with: patch)
        var new = old.json
        if subresource == "status" {
            new = new.setting("status", merged["status"])
        } else {
            new = merged.setting("status", old.json["status"]).editing("metadata") { metadata in
                var kept = metadata
                for field in [
                    "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "generation",
                    "resourceVersion",
                ] {
                    kept = kept.setting(field, old.metadata[field])
                }
                return kept
            }
            new = admission(resource, new, now)
            let added = Object(new).finalizers.filter { !old.finalizers.contains($0) }
            if old.isDeleting, !added.isEmpty {
                throw APIRefusal(
                    422, "Invalid",
                    "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted")
            }
            if new["spec"] != old.json["spec"] { new = raisingGeneration(new) }
        }
        // A write that changes nothing makes no new version.
        if new == old.json { return old }
        let written = put(resource, new, .modified)
        return letGo(resource, written) ?? written
    }

    /// Deletes an object, or has its deletion begin: where something waits for it, it stays until that has gone.
    mutating func delete(_ resource: String, _ key: ObjectKey, _ options: JSONValue = .null) throws(APIRefusal) {
        guard let old = object(resource, key) else { throw notFound(resource, key.name) }
        for (field, present) in [("uid", old.uid), ("resourceVersion", old.version)] {
            guard let wanted = options["preconditions"]?[field]?.string, wanted != present else { continue }
            throw APIRefusal(409, "Conflict", "Precondition failed: \(field): \(wanted), in the object: \(present)")
        }
        var finalizers = old.finalizers
        let kinds = ["Foreground": Self.foreground, "Orphan": Self.orphan]
        if let policy = options["propagationPolicy"]?.string {
            finalizers.removeAll { kinds.values.contains($0) }
            if let finalizer = kinds[policy] { finalizers.append(finalizer) }
        }
        var json = old.json.editing("metadata") {
            $0.setting("finalizers", finalizers.isEmpty ? nil : .strings(finalizers))
        }
        if !old.isDeleting {
            json = raisingGeneration(json.editing("metadata") { $0.setting("deletionTimestamp", stamp) })
        }
        // A pod is there until its kubelet says that nothing of it runs.
        if finalizers.isEmpty, resource != "pods" {
            remove(resource, Object(json))
        } else if json != old.json {
            put(resource, json, .modified)
        }
    }

    /// The objects of a selection. Later pages are of the same moment as the first.
    mutating func list(
        _ resource: String, namespace: String?, selector: LabelSelector?, limit: Int?, token: String?
    ) throws(APIRefusal) -> Data {
        var found: [Object]
        if let token {
            guard let rest = pages.removeValue(forKey: token) else {
                throw APIRefusal(410, "Expired", "the provided continue token is too old")
            }
            found = rest
        } else {
            found = all(resource).filter { object in
                (namespace ?? object.key.namespace) == object.key.namespace && selector?.selects(object.json) ?? true
            }
        }
        var next = ""
        if let limit, limit > 0, found.count > limit {
            next = "\(resource)-\(version)-\(found.count - limit)"
            pages[next] = Array(found[limit...])
            found = Array(found[..<limit])
        }
        let at = token.flatMap { $0.split(separator: "-").dropFirst().first.map(String.init) } ?? version
        var text = Data(#"{"kind":"List","metadata":{"resourceVersion":"\#(at)","continue":"\#(next)"},"items":["#.utf8)
        for (index, object) in found.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text.append(object.text)
        }
        text.append(contentsOf: "]}".utf8)
        return text
    }

    // MARK: Keeping

    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    private var stamp: JSONValue { .string("\(now)") }

    func notFound(_ resource: String, _ name: String) -> APIRefusal {
        APIRefusal(404, "NotFound", "\(resource) \"\(name)\" not found", name: name)
    }

    private func raisingGeneration(_ json: JSONValue) -> JSONValue {
        json.editing("metadata") { metadata in
            guard case .integer(let generation)? = metadata["generation"] else { return metadata }
            return metadata.setting("generation", .integer(generation + 1))
        }
    }

    @discardableResult
    private mutating func put(_ resource: String, _ json: JSONValue, _ change: Event.Change) -> Object {
        lastVersion += 1
        let object = Object(json.editing("metadata") { $0.setting("resourceVersion", .string(version)) })
        objects[resource, default: [:]][object.key] = object
        events.append(Event(resource: resource, change: change, object: object))
        return object
    }

    private mutating func remove(_ resource: String, _ object: Object) {
        lastVersion += 1
        let last = Object(object.json.editing("metadata") { $0.setting("resourceVersion", .string(version)) })
        objects[resource]?[object.key] = nil
        events.append(Event(resource: resource, change: .deleted, object: last))
    }

    /// What is being deleted goes with its last finalizer.
    private mutating func letGo(_ resource: String, _ object: Object) -> Object? {
        guard object.isDeleting, object.finalizers.isEmpty, resource != "pods" else { return nil }
        remove(resource, object)
        return object
    }

    /// What nobody asks about: a pod's kubelet has seen it off, or a test has it vanish.
    package mutating func erase(_ resource: String, _ key: ObjectKey) {
        if let object = object(resource, key) { remove(resource, object) }
    }
}

extension LabelSelector {
    package func selects(_ object: JSONValue) -> Bool {
        matches((object["metadata"]?["labels"]?.object ?? [:]).texts())
    }

    /// As a server reads one.
    init?(query: [String: String]) throws(APIRefusal) {
        guard let text = query["labelSelector"] else { return nil }
        do throws(Fault) {
            self = try LabelSelector(text)
        } catch {
            throw APIRefusal(400, "BadRequest", "unable to parse requirement: \(error)")
        }
    }
}
