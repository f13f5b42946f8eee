package import KubernetesModel

/// A parameter that a request may or must give.
package struct ParameterSpec: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case string, integer, number, boolean
        /// `2026-10-31`
        case date
        /// `2026-10`
        case month
    }

    package var name: String
    package var type: Kind
    package var title: String?
    package var description: String?
    package var required: Bool?
    package var `default`: JSONValue?
    package var `enum`: [JSONValue]?
    /// Whether it takes several values, as a list. What is said of a value holds for each of them.
    package var multiple: Bool?
    /// The least and the greatest value of a number, a date or a month, both included.
    package var minimum: JSONValue?
    package var maximum: JSONValue?
    /// What a string has to match somewhere: a regular expression.
    package var pattern: String?
    /// How many characters a string may have.
    package var minLength: Int?
    package var maxLength: Int?

    package init(
        name: String,
        type: Kind,
        title: String? = nil,
        description: String? = nil,
        required: Bool? = nil,
        default: JSONValue? = nil,
        enum: [JSONValue]? = nil,
        multiple: Bool? = nil,
        minimum: JSONValue? = nil,
        maximum: JSONValue? = nil,
        pattern: String? = nil,
        minLength: Int? = nil,
        maxLength: Int? = nil
    ) {
        self.name = name
        self.type = type
        self.title = title
        self.description = description
        self.required = required
        self.default = `default`
        self.enum = `enum`
        self.multiple = multiple
        self.minimum = minimum
        self.maximum = maximum
        self.pattern = pattern
        self.minLength = minLength
        self.maxLength = maxLength
    }
}
