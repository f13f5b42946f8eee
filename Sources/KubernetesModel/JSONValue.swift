public import JSONReading

/// Any JSON value: for the parts of a manifest that pass through unread, such as a pod template.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    /// A number with more digits than a `Double` keeps, as it was written.
    case decimal(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: Codable {
    /// At most 64 levels of lists and objects are read from JSON that others wrote: what is deeper is an error that says so.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONNodeDecoder {
            self = try decoder.tree(JSONValue.self)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(JSONObject.self) {
            self = .object(value)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    /// A `decimal` keeps its digits in `jsonText` alone: Codable has no number that holds them.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .decimal(let text):
            if let value = Double(text), value.isFinite {
                try container.encode(value)
            } else {
                try container.encode(text)
            }
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue: JSONTree {
    public init(_ walker: inout JSONWalker, depth: Int) throws {
        self =
            switch try walker.next(depth: depth) {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .number(let value): .number(value)
            case .decimal(let text): .decimal(text)
            case .string(let value), .replaced(let value): .string(value)
            case .array(let count): .array(try JSONValue.list(count, &walker, depth: depth + 1))
            case .object(let count): .object(try JSONObject(count, &walker, depth: depth + 1))
            }
    }

    public static func list(_ count: Int, _ walker: inout JSONWalker, depth: Int) throws -> [JSONValue] {
        if count == 0 { return [] }
        var elements: [JSONValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try JSONValue(&walker, depth: depth)) }
        return elements
    }
}

extension JSONValue {
    /// The member of that name, where this is an object that has one.
    public subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// This value with `other` laid over it: objects merge member by member, anything else is replaced.
    public func merging(_ other: JSONValue) -> JSONValue {
        guard case .object(let lower) = self, case .object(let upper) = other else { return other }
        return .object(lower.merging(upper) { $0.merging($1) })
    }

    /// An object without the members that are nil.
    public static func compact(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(JSONObject(present: members))
    }

    public static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

    public static func strings(_ values: [String: String]) -> JSONValue {
        .object(JSONObject(texts: values))
    }
}
