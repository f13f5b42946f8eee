package import KubernetesModel
package import ReportAPI
import ReportPlanning

/// JSON Schema (2020-12) of what a pipeline takes as `parameters`: for forms and programs. What it refuses the operator
/// refuses too; a day that a month doesn't have, one before or after those allowed, a number as text that is out of bounds,
/// and texts that are too long together, the operator alone refuses.
package enum ParameterSchema {
    package static func schema(of parameters: [ParameterSpec]) -> JSONValue {
        let properties = parameters.map { ($0.name, property($0)) }
        let required = parameters.filter { $0.required == true && $0.default == nil }.map(\.name)
        return .compact([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "type": .string("object"),
            "properties": .object(JSONObject(properties) { first, _ in first }),
            "required": required.isEmpty ? nil : .strings(required),
            "additionalProperties": .bool(false),
        ])
    }

    private static func property(_ parameter: ParameterSpec) -> JSONValue {
        let one = value(parameter)
        let many = JSONValue.object([
            "type": .string("array"), "items": one, "minItems": .integer(1),
            "maxItems": .integer(Int64(ParameterSpec.maximumValues)), "uniqueItems": .bool(true),
        ])
        let base = parameter.multiple == true ? JSONValue.object(["anyOf": .array([many, one])]) : one
        return base.merging(
            .compact([
                "title": parameter.title.map(JSONValue.string),
                "description": parameter.description.map(JSONValue.string),
                "default": parameter.default,
            ]))
    }

    /// Of one value. Numbers and truth values may be given as text, as forms and command lines carry them.
    private static func value(_ parameter: ParameterSpec) -> JSONValue {
        if let allowed = parameter.enum {
            var values: [JSONValue] = []
            for value in allowed {
                guard let text = ParameterValue(value, kind: parameter.type)?.text else { continue }
                for form in [ParameterValue.json(text, kind: parameter.type), .string(text)]
                where !values.contains(form) { values.append(form) }
            }
            return .object(["enum": .array(values)])
        }
        func form(_ types: [String], pattern: String, _ more: JSONObject = [:]) -> JSONValue {
            let type: JSONValue = types.count == 1 ? .string(types[0]) : .strings(types)
            return .object(JSONObject(present: ["type": type, "pattern": .string(pattern)]).merging(more) { $1 })
        }
        return switch parameter.type {
        case .string: form(["string"], pattern: #"^[^\u0000]*$"#, ofText(parameter))
        case .integer: form(["integer", "string"], pattern: "^-?(0|[1-9][0-9]*)$", ofNumber(parameter))
        case .number:
            form(
                ["number", "string"], pattern: #"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$"#,
                ofNumber(parameter))
        case .boolean: .object(["enum": .array([.bool(true), .bool(false), .string("true"), .string("false")])])
        case .date:
            form(
                ["string"], pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
                ["format": .string("date")])
        case .month: form(["string"], pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$")
        }
    }

    private static func ofText(_ parameter: ParameterSpec) -> JSONObject {
        var bounds: JSONObject = [:]
        bounds["minLength"] = parameter.minLength.map { .integer(Int64($0)) }
        bounds["maxLength"] = parameter.maxLength.map { .integer(Int64($0)) }
        // Beside the one that every text has to match.
        bounds["allOf"] = parameter.pattern.map { .array([.object(["pattern": .string($0)])]) }
        return bounds
    }

    /// JSON Schema holds these against numbers alone, not against texts.
    private static func ofNumber(_ parameter: ParameterSpec) -> JSONObject {
        func number(_ bound: JSONValue?) -> JSONValue? {
            bound.flatMap { ParameterValue($0, kind: parameter.type)?.text }.map {
                ParameterValue.json($0, kind: parameter.type)
            }
        }
        var bounds: JSONObject = [:]
        bounds["minimum"] = number(parameter.minimum)
        bounds["maximum"] = number(parameter.maximum)
        return bounds
    }
}
