package import KubernetesModel
package import ReportAPI

/// Holds a request's parameters against what its pipeline declares.
package enum ParameterCheck {
    /// Bytes of all names and values together: they travel in one environment variable too.
    package static let maximumBytes = 64 * 1024

    /// Every parameter that has a value, in its canonical text; or every fault there is.
    package static func resolve(_ given: [String: JSONValue], declared: [ParameterSpec]) -> Outcome {
        var faults: [String] = []
        var values: [String: String] = [:]
        for parameter in declared {
            let field = "spec.parameters.\(parameter.name)"
            guard let value = given[parameter.name] ?? parameter.default else {
                if parameter.required == true {
                    faults.append("\(field): is required and must be \(parameter.type.expectation)")
                }
                continue
            }
            guard let checked = ParameterValue(value, kind: parameter.type) else {
                faults.append("\(field): \(value.brief) is not \(parameter.type.expectation)")
                continue
            }
            if let allowed = parameter.enum {
                let texts = allowed.compactMap { ParameterValue($0, kind: parameter.type)?.text }
                if !texts.contains(checked.text) {
                    faults.append("\(field): \(value.brief) is not one of \(texts.joined(separator: ", "))")
                    continue
                }
            }
            values[parameter.name] = checked.text
        }
        let names = declared.map(\.name)
        for name in given.keys.sorted() where !names.contains(name) {
            let known =
                names.isEmpty ? "the pipeline takes none" : "the pipeline takes \(names.joined(separator: ", "))"
            faults.append("spec.parameters.\(name): is unknown; \(known)")
        }
        let bytes = values.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if bytes > maximumBytes {
            faults.append("spec.parameters: \(bytes) bytes in all; at most \(maximumBytes) are allowed")
        }
        return faults.isEmpty ? .values(values) : .faults(faults)
    }

    package enum Outcome: Hashable, Sendable {
        case values([String: String])
        case faults([String])
    }
}
