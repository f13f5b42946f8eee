/// `metav1.ObjectMeta`, without `managedFields` and annotations: no decision rests on them and they are most of an object.
package struct ObjectMeta: Codable, Hashable, Sendable {
    package var name: String
    package var namespace: String
    package var uid: String
    /// Opaque but for `ResourceVersion`'s order within one resource type.
    package var resourceVersion: String
    package var generation: Int64
    package var creationTimestamp: Timestamp?
    package var deletionTimestamp: Timestamp?
    package var labels: [String: String]
    package var finalizers: [String]
    package var ownerReferences: [OwnerReference]

    package init(
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

    package init(from decoder: any Decoder) throws {
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

    package var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    package var isDeleting: Bool { deletionTimestamp != nil }

    /// The owner that controls this object, of which there is at most one.
    package var controller: OwnerReference? { ownerReferences.first { $0.controller == true } }
}

/// `metav1.OwnerReference`: whose deletion takes this object along.
package struct OwnerReference: Codable, Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    package var name: String
    package var uid: String
    package var controller: Bool?
    package var blockOwnerDeletion: Bool?

    /// Names and uids have 253 bytes at most, and what is longer refers to nothing; the API server takes any text here.
    private static let longest = 256

    private enum CodingKeys: String, CodingKey { case apiVersion, kind, name, uid, controller, blockOwnerDeletion }

    package init(from decoder: any Decoder) throws {
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
    package init<Owner: KubernetesResource>(controlledBy owner: Owner) {
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
    package func controller(of kind: ResourceKind) -> OwnerReference? {
        guard let controller, controller.isOf(kind) else { return nil }
        return controller
    }
}

extension OwnerReference {
    /// Whether it names an object of that kind, in whatever version.
    package func isOf(_ kind: ResourceKind) -> Bool {
        guard self.kind == kind.kind else { return false }
        return kind.group.isEmpty ? !apiVersion.contains("/") : apiVersion.hasPrefix("\(kind.group)/")
    }
}
