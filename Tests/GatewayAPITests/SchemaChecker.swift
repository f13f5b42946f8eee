import Foundation
import GatewayAPI
import JSONReading
import KubernetesModel

/// Holds values against JSON Schemas, with the keywords that our document uses; another keyword is a fault.
struct SchemaChecker {
    /// The whole document, for references.
    let document: JSONValue
    /// Whether members that a schema doesn't name are faults even where it allows them.
    var isClosed = false
    /// What was met: `Request.place`.
    private(set) var seen: Set<String> = []
    private(set) var faults: [String] = []

    /// Shared by copies: compiling a pattern costs more than all the rest.
    private final class Patterns {
        private var compiled: [String: Regex<AnyRegexOutput>] = [:]

        func matches(_ text: String, _ pattern: String) -> Bool {
            guard let regex = compiled[pattern] ?? (try? Regex(pattern).matchingSemantics(.unicodeScalar)) else {
                return false
            }
            compiled[pattern] = regex
            return text.firstMatch(of: regex) != nil
        }
    }

    private let patterns: Patterns

    init(document: JSONValue, isClosed: Bool = false) {
        self.init(document: document, isClosed: isClosed, Patterns())
    }

    private init(document: JSONValue, isClosed: Bool, _ patterns: Patterns) {
        self.document = document
        self.patterns = patterns
        self.isClosed = isClosed
    }

    /// The gateway's own.
    static func contract(isClosed: Bool = false) throws -> SchemaChecker {
        SchemaChecker(document: try contractDocument.get(), isClosed: isClosed)
    }

    private static let contractDocument = Result {
        try JSONReader().decode(JSONValue.self, from: OpenAPIDocument.json)
    }

    func schema(_ name: String) throws -> JSONValue {
        guard let schema = document["components"]?["schemas"]?[name] else { throw Missing(name: name) }
        return schema
    }

    struct Missing: Error { let name: String }

    static func isValid(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        var checker = SchemaChecker(document: .null)
        checker.check(value, schema, at: "", named: "")
        return checker.faults.isEmpty
    }

    mutating func check(_ value: JSONValue, named name: String) throws {
        check(value, try schema(name), at: "$", named: name)
    }

    /// All properties below a schema of that name, such as `Request.place`; references lead to schemas of their own.
    func properties(of name: String) throws -> Set<String> {
        var found: Set<String> = []
        func visit(_ schema: JSONValue, _ name: String) {
            for (property, inner) in schema["properties"]?.object ?? [:] {
                found.insert("\(name).\(property)")
                visit(inner, "\(name).\(property)")
            }
            if let items = schema["items"] { visit(items, name) }
            for part in schema["allOf"]?.array ?? [] where part["$ref"] == nil { visit(part, name) }
        }
        visit(try schema(name), name)
        return found
    }

    private static let annotations: Set = [
        "description", "title", "default", "$schema", "style", "explode", "example", "examples",
    ]

    mutating func check(_ value: JSONValue, _ schema: JSONValue, at path: String, named name: String) {
        if let reference = schema["$ref"]?.string {
            let target = String(reference.split(separator: "/").last ?? "")
            guard let schema = document["components"]?["schemas"]?[target] else {
                return faults.append("\(path): no schema \(reference)")
            }
            return check(value, schema, at: path, named: target)
        }
        for (keyword, rule) in schema.object ?? [:] where !Self.annotations.contains(keyword) {
            if !holds(keyword, rule, value, schema, path, name) {
                let shown = String(decoding: value.jsonText, as: UTF8.self).prefix(200)
                faults.append("\(path): \(shown) breaks \(keyword) of \(name)")
            }
        }
    }

    private mutating func holds(
        _ keyword: String, _ rule: JSONValue, _ value: JSONValue, _ schema: JSONValue, _ path: String, _ name: String
    ) -> Bool {
        switch keyword {
        case "type":
            let types = rule.array ?? [rule]
            return types.contains { isOf($0.string ?? "", value) }
        case "enum": return rule.array?.contains { Self.isSame($0, value) } ?? false
        case "pattern": return value.string.map { patterns.matches($0, rule.string ?? "") } ?? true
        case "minLength": return value.string.map { $0.unicodeScalars.count >= rule.int } ?? true
        case "maxLength": return value.string.map { $0.unicodeScalars.count <= rule.int } ?? true
        case "minimum": return value.double.map { $0 >= rule.double ?? 0 } ?? true
        case "maximum": return value.double.map { $0 <= rule.double ?? 0 } ?? true
        case "format": return holdsFormat(rule.string ?? "", value)
        case "required":
            guard let members = value.object else { return true }
            return rule.array?.allSatisfy { members[$0.string ?? ""] != nil } ?? false
        case "minProperties": return value.object.map { $0.count >= rule.int } ?? true
        case "maxProperties": return value.object.map { $0.count <= rule.int } ?? true
        case "properties":
            for (property, inner) in rule.object ?? [:] {
                guard let member = value[property] else { continue }
                seen.insert("\(name).\(property)")
                check(member, inner, at: "\(path).\(property)", named: "\(name).\(property)")
            }
            let isPart = schema["additionalProperties"] != nil
            return isPart || !isClosed
                || (value.object ?? [:]).keys.allSatisfy { rule[$0] != nil }
        case "additionalProperties":
            let others = (value.object ?? [:]).filter { schema["properties"]?[$0.key] == nil }
            if rule == .bool(false) { return others.isEmpty }
            for (key, member) in others { check(member, rule, at: "\(path).\(key)", named: "\(name).*") }
            return true
        case "items":
            for (index, element) in (value.array ?? []).enumerated() {
                check(element, rule, at: "\(path)[\(index)]", named: name)
            }
            return true
        case "minItems": return value.array.map { $0.count >= rule.int } ?? true
        case "maxItems": return value.array.map { $0.count <= rule.int } ?? true
        case "uniqueItems":
            let list = value.array ?? []
            return !list.indices.contains { index in list[..<index].contains { Self.isSame($0, list[index]) } }
        case "allOf":
            for part in rule.array ?? [] {
                let wasClosed = isClosed
                isClosed = false
                check(value, part, at: path, named: name)
                isClosed = wasClosed
            }
            let known = (rule.array ?? []).flatMap { part in
                let target = part["$ref"]?.string.flatMap { $0.split(separator: "/").last }.map(String.init)
                let schema = target.flatMap { document["components"]?["schemas"]?[$0] } ?? part
                return Array((schema["properties"]?.object ?? [:]).keys)
            }
            return !isClosed || (value.object ?? [:]).keys.allSatisfy(known.contains)
        case "anyOf":
            return rule.array?.contains { part in
                var other = SchemaChecker(document: document, isClosed: false, patterns)
                other.check(value, part, at: path, named: name)
                return other.faults.isEmpty
            } ?? false
        default: return false
        }
    }

    private func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("integer", .integer), ("number", .integer), ("number", .number), ("number", .decimal):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }

    private func holdsFormat(_ format: String, _ value: JSONValue) -> Bool {
        guard let text = value.string else { return true }
        return switch format {
        case "date-time": Timestamp(text) != nil
        // Checked by its pattern.
        case "date": true
        default: false
        }
    }

    private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        if let one = one.double, let other = other.double { return one == other }
        return one == other
    }
}

extension JSONValue {
    var int: Int {
        if case .integer(let number) = self { Int(number) } else { -1 }
    }

    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .decimal(let text): Double(text)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    static func reading(_ json: String) throws -> JSONValue { try JSONReader().decode(JSONValue.self, from: json) }
}

extension JSONWritable {
    var json: JSONValue {
        get throws { try JSONReader().decode(JSONValue.self, from: jsonBytes) }
    }
}
