/// An object that the server sent and that doesn't decode: what could be read of it, and what was wrong.
///
/// One such object must not stop a list or a watch, so it is reported beside the others.
public struct UndecodableObject: Error, Hashable, Sendable, Decodable, CustomStringConvertible {
    /// Empty where it couldn't be read, as the other parts.
    public var namespace: String
    public var name: String
    public var uid: String
    public var resourceVersion: String
    /// What controls it; nil where nothing does, or that can't be read either.
    public var controller: OwnerReference?
    /// Whether it was deleted, and this is its last state.
    public var isDeleted = false
    /// What was wrong, with the path to it; never the value itself.
    public var message: String

    public init(
        namespace: String = "",
        name: String = "",
        uid: String = "",
        resourceVersion: String = "",
        message: String
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.message = message
    }

    private enum CodingKeys: String, CodingKey { case metadata }

    private enum MetadataKeys: String, CodingKey { case namespace, name, uid, resourceVersion, ownerReferences }

    /// Reads what can be read, and throws for nothing: `message` is the caller's to set.
    public init(from decoder: any Decoder) {
        let metadata = try? decoder.container(keyedBy: CodingKeys.self)
            .nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        func text(_ key: MetadataKeys) -> String {
            (try? metadata?.decodeIfPresent(String.self, forKey: key)) ?? ""
        }
        self.init(
            namespace: text(.namespace),
            name: text(.name),
            uid: text(.uid),
            resourceVersion: text(.resourceVersion),
            message: ""
        )
        let owners = try? metadata?.decodeIfPresent([OwnerReference].self, forKey: .ownerReferences)
        controller = owners?.first { $0.controller == true }
    }

    /// What can be read of an object that `error` kept from being read whole.
    public init(from decoder: any Decoder, because error: any Error) {
        self = UndecodableObject(from: decoder).because(error)
    }

    private func because(_ error: any Error) -> UndecodableObject {
        var object = self
        object.message = (error as? DecodingError)?.pathAndReason ?? "\(error)"
        return object
    }

    public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    public var description: String { "\(key): \(message)" }
}

extension DecodingError {
    /// The path and what was expected there, without the value: it may be a secret.
    public var pathAndReason: String {
        let (context, reason): (Context, String) =
            switch self {
            case .typeMismatch(let type, let context): (context, "expected \(type)")
            case .valueNotFound(let type, let context): (context, "no value, expected \(type)")
            case .keyNotFound(let key, let context): (context, "no field \(key.stringValue)")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "does not decode")
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return path.isEmpty ? reason : "\(path.first == "." ? String(path.dropFirst()) : path): \(reason)"
    }
}
