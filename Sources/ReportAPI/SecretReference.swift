/// A Secret of the object's own namespace, by its name.
public struct SecretReference: Codable, Hashable, Sendable {
    public var name: String

    public init(name: String) { self.name = name }
}
