import KubernetesModel
import YAMLCoding

extension JSONValue: ExpressibleByUnicodeScalarLiteral {}
extension JSONValue: ExpressibleByExtendedGraphemeClusterLiteral {}
extension JSONValue: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue {
    /// What a manifest says.
    static func yaml(_ text: String) throws -> JSONValue { try YAMLDecoder().decode(JSONValue.self, from: text) }
}
