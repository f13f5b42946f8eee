import TextCuts

/// `metav1.ObjectMeta`, without `managedFields` and annotations: no decision rests on them and they are most of an object.
public struct ObjectMeta: Codable, Hashable, Sendable {
    public var name: String
    public var namespace: String
    public var uid: String
    /// Opaque but for `ResourceVersion`'s order within one resource type.
    public var resourceVersion: String
    public var generation: Int64
    public var creationTimestamp: Timestamp?
    public var deletionTimestamp: Timestamp?
    public var labels: [String: String]
    public var finalizers: [String]
    public var ownerReferences: [OwnerReference]

    public init(
        name: String,
        namespace: String = "default",
        uid: String = "",
        resourceVersion: String = "",
        generation: Int64 = 0,
        creationTimestamp: Timestamp? = nil,
        deletionTimestamp: Timestamp? = nil,
        labels: [String: String] = [:],
        finalizers: [String] = [],
        ownerReferences: [OwnerReference] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.generation = generation
        self.creationTimestamp = creationTimestamp
        self.deletionTimestamp = deletionTimestamp
        self.labels = labels
        self.finalizers = finalizers
        self.ownerReferences = ownerReferences
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
        namespace = try container.decodeIfPresent(String.self, forKey: .namespace) ?? ""
        uid = try container.decodeIfPresent(String.self, forKey: .uid) ?? ""
        resourceVersion = try container.decodeIfPresent(String.self, forKey: .resourceVersion) ?? ""
        generation = try container.decodeIfPresent(Int64.self, forKey: .generation) ?? 0
        creationTimestamp = try container.decodeIfPresent(Timestamp.self, forKey: .creationTimestamp)
        deletionTimestamp = try container.decodeIfPresent(Timestamp.self, forKey: .deletionTimestamp)
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        finalizers = try container.decodeIfPresent([String].self, forKey: .finalizers) ?? []
        ownerReferences = try container.decodeIfPresent([OwnerReference].self, forKey: .ownerReferences) ?? []
    }

    public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    public var isDeleting: Bool { deletionTimestamp != nil }

    /// The owner that controls this object, of which there is at most one.
    public var controller: OwnerReference? { ownerReferences.first { $0.controller == true } }
}

/// `metav1.OwnerReference`: whose deletion takes this object along.
public struct OwnerReference: Codable, Hashable, Sendable {
    public var apiVersion: String
    public var kind: String
    public var name: String
    public var uid: String
    public var controller: Bool?
    public var blockOwnerDeletion: Bool?

    /// Names and uids have 253 bytes at most, and what is longer refers to nothing; the API server takes any text here.
    private static let longest = 256

    private enum CodingKeys: String, CodingKey { case apiVersion, kind, name, uid, controller, blockOwnerDeletion }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String {
            try container.decode(String.self, forKey: key).head(bytes: Self.longest)
        }
        apiVersion = try text(.apiVersion)
        kind = try text(.kind)
        name = try text(.name)
        uid = try text(.uid)
        controller = try container.decodeIfPresent(Bool.self, forKey: .controller)
        blockOwnerDeletion = try container.decodeIfPresent(Bool.self, forKey: .blockOwnerDeletion)
    }

    /// A reference by which `owner` controls the object that carries it.
    public init<Owner: KubernetesResource>(controlledBy owner: Owner) {
        apiVersion = Owner.resourceKind.apiVersion
        kind = Owner.resourceKind.kind
        name = owner.metadata.name
        uid = owner.metadata.uid
        controller = true
        blockOwnerDeletion = true
    }
}

extension ObjectMeta {
    /// The owner that controls this object, where it is of that kind.
    public func controller(of kind: ResourceKind) -> OwnerReference? {
        guard let controller, controller.isOf(kind) else { return nil }
        return controller
    }
}

extension OwnerReference {
    /// Whether it names an object of that kind, in whatever version.
    public func isOf(_ kind: ResourceKind) -> Bool {
        guard self.kind == kind.kind else { return false }
        return kind.group.isEmpty ? !apiVersion.contains("/") : apiVersion.hasPrefix("\(kind.group)/")
    }
}
