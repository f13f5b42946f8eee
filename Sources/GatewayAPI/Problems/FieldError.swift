package import KubernetesModel

/// What is wrong with one field of what was sent.
package struct FieldError: Hashable, Sendable, JSONWritable {
    /// Such as `deliver[0].to[1]`; a parameter of the query by its name.
    package var field: String
    package var value: JSONValue?
    /// What is wrong and what is allowed.
    package var message: String

    /// Of a value only what people recognise it by is kept.
    package init(_ field: String, value: JSONValue? = nil, _ message: String) {
        self.field = field.head(bytes: 512)
        self.value = value.flatMap(Self.shown)
        self.message = message.head(bytes: 2048)
    }

    private static func shown(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .null, .bool, .integer, .number: value
        case .decimal(let text): text.utf8.count <= 200 ? value : .string(text.head(bytes: 200))
        case .string(let text): .string(text.head(bytes: 200))
        case .array, .object: nil
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("field", field)
            $0.member("value", value)
            $0.member("message", message)
        }
    }
}
