package import KubernetesModel

/// Says what an API server would refuse a resource's spec for, by the schema in its CustomResourceDefinition.
///
/// Types, required fields, enumerations, bounds, lengths, patterns and duplicate keys. Fields that the schema doesn't
/// have are `LintObject.unknownFields`; rules in CEL are the planners' own, since a server before 1.25 doesn't know them.
///
/// For example, with a definition whose `spec.title` has a `maxLength` of 128, a spec with a longer one is
/// `spec.title: has 130 characters; at most 128 are allowed`.
package struct SchemaCheck: Sendable {
    private let spec: JSONValue

    /// `definition`: a whole CustomResourceDefinition; nil where it isn't one. Its only version counts.
    package init?(definition: JSONValue) {
        let schema = definition["spec"]?["versions"]?.array?.first?["schema"]?["openAPIV3Schema"]
        guard let spec = schema?["properties"]?["spec"] else { return nil }
        self.spec = spec
    }

    package func faults(in spec: JSONValue) -> [String] {
        var faults: [String] = []
        Self.check(spec, by: self.spec, at: "spec", &faults)
        return faults
    }

    private static func check(_ value: JSONValue, by schema: JSONValue, at path: String, _ faults: inout [String]) {
        if let fault = typeFault(value, schema) { return faults.append("\(path): \(fault)") }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            let words = allowed.map { $0.string ?? $0.brief }.joined(separator: ", ")
            faults.append("\(path): \(value.brief) must be one of \(words)")
        }
        switch value {
        case .string(let text): check(text, by: schema, at: path, &faults)
        case .integer, .number, .decimal: checkNumber(value, by: schema, at: path, &faults)
        case .array(let items): check(items, by: schema, at: path, &faults)
        case .object(let members): check(members, by: schema, at: path, &faults)
        case .null, .bool: break
        }
    }

    private static func typeFault(_ value: JSONValue, _ schema: JSONValue) -> String? {
        if schema["x-kubernetes-int-or-string"] == .bool(true) {
            switch value {
            case .integer, .string: return nil
            default: return "\(value.brief) must be an integer or a string"
            }
        }
        switch (schema["type"]?.string, value) {
        case (nil, _), ("string", .string), ("boolean", .bool), ("array", .array), ("object", .object): return nil
        case ("integer", .integer), ("number", .integer), ("number", .number), ("number", .decimal): return nil
        case ("string", _): return "\(value.brief) must be a string (quote it)"
        case ("integer", _): return "\(value.brief) must be an integer"
        case (let type?, _): return "\(value.brief) must be \(type == "array" ? "a list" : "of type \(type)")"
        }
    }

    private static func check(_ text: String, by schema: JSONValue, at path: String, _ faults: inout [String]) {
        checkCount(
            text.unicodeScalars.count, of: "character", by: schema, ["minLength", "maxLength"], at: path, &faults)
        // What is longer than a pattern is held against is too long for every field that has one.
        if let pattern = schema["pattern"]?.string, text.utf8.count <= TextPattern.maximumTextBytes,
            let matcher = try? TextPattern(pattern, maximumSteps: TextPattern.maximumTrustedSteps),
            !matcher.matches(text)
        {
            faults.append("\(path): \(JSONValue.string(text).brief) must match \(pattern)")
        }
        if schema["format"]?.string == "date-time", Timestamp(text) == nil {
            faults.append("\(path): \(JSONValue.string(text).brief) is not a time such as 2028-01-31T06:00:00Z")
        }
    }

    private static func checkNumber(
        _ value: JSONValue, by schema: JSONValue, at path: String, _ faults: inout [String]
    ) {
        if let least = schema["minimum"], compare(value, least, <) {
            faults.append("\(path): \(value.brief) is less than \(least.brief)")
        }
        if let most = schema["maximum"], compare(value, most, >) {
            faults.append("\(path): \(value.brief) is more than \(most.brief)")
        } else if schema["format"]?.string == "int32", case .integer(let number) = value, Int32(exactly: number) == nil
        {
            faults.append("\(path): \(value.brief) doesn't fit into 32 bits")
        }
    }

    private static func compare(_ one: JSONValue, _ other: JSONValue, _ order: (Double, Double) -> Bool) -> Bool {
        func number(_ value: JSONValue) -> Double? {
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            case .decimal(let text): Double(text)
            default: nil
            }
        }
        guard let one = number(one), let other = number(other) else { return false }
        return order(one, other)
    }

    private static func check(
        _ items: [JSONValue], by schema: JSONValue, at path: String, _ faults: inout [String]
    ) {
        checkCount(items.count, of: "entry", "entries", by: schema, ["minItems", "maxItems"], at: path, &faults)
        if let each = schema["items"] {
            for (index, item) in items.enumerated() { check(item, by: each, at: "\(path)[\(index)]", &faults) }
        }
        let keys = schema["x-kubernetes-list-map-keys"]?.array?.compactMap(\.string) ?? []
        guard !keys.isEmpty || schema["x-kubernetes-list-type"]?.string == "set" else { return }
        var seen: Set<JSONValue> = []
        for (index, item) in items.enumerated() {
            let key = keys.isEmpty ? item : .object(JSONObject(keys.compactMap { key in item[key].map { (key, $0) } }))
            guard !seen.insert(key).inserted else { continue }
            let (place, shown) = keys.count == 1 ? (".\(keys[0])", item[keys[0]] ?? .null) : ("", key)
            faults.append("\(path)[\(index)]\(place): \(shown.brief) is there already; each is given once")
        }
    }

    private static func check(
        _ members: JSONObject, by schema: JSONValue, at path: String, _ faults: inout [String]
    ) {
        checkCount(
            members.count, of: "field", by: schema, ["minProperties", "maxProperties"], at: path, &faults)
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
            faults.append("\(path).\(name): is required")
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let part = schema["properties"]?[name] ?? schema["additionalProperties"] else { continue }
            check(value, by: part, at: "\(path).\(name)", &faults)
        }
    }

    private static func checkCount(
        _ count: Int, of noun: String, _ plural: String? = nil, by schema: JSONValue, _ keywords: [String],
        at path: String, _ faults: inout [String]
    ) {
        let shown = "has \(count) \(count == 1 ? noun : plural ?? noun + "s")"
        if case .integer(let least) = schema[keywords[0]], count < least {
            faults.append("\(path): \(shown); at least \(least) \(least == 1 ? "is" : "are") needed")
        }
        if case .integer(let most) = schema[keywords[1]], count > most {
            faults.append("\(path): \(shown); at most \(most) \(most == 1 ? "is" : "are") allowed")
        }
    }
}
