/// A Secret of the object's own namespace, by its name.
package struct SecretReference: Codable, Hashable, Sendable {
    package var name: String

    package init(name: String) { self.name = name }
}
