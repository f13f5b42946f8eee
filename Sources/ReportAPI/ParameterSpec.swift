public import KubernetesModel

/// A parameter that a request may or must give.
public struct ParameterSpec: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case string, integer, number, boolean
        /// `2026-10-31`
        case date
        /// `2026-10`
        case month
    }

    public var name: String
    public var type: Kind
    public var title: String?
    public var description: String?
    public var required: Bool?
    public var `default`: JSONValue?
    public var `enum`: [JSONValue]?
    /// Whether it takes several values, as a list. What is said of a value holds for each of them.
    public var multiple: Bool?
    /// The least and the greatest value of a number, a date or a month, both included.
    public var minimum: JSONValue?
    public var maximum: JSONValue?
    /// What a string has to match somewhere: a regular expression.
    public var pattern: String?
    /// How many characters a string may have.
    public var minLength: Int?
    public var maxLength: Int?

    public init(
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
