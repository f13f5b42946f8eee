package import KubernetesModel
package import ReportAPI

/// Holds a request's parameters against what its pipeline declares.
package enum ParameterCheck {
    /// Bytes of all of them as the API server stores them in a status, and so as JSON too: they travel in one environment
    /// variable, which Linux bounds at 128 KiB.
    package static let maximumBytes = 64 * 1024

    /// Every parameter that has a value, in its canonical text; or every fault there is. `root`: where they are given.
    package static func resolve(
        _ given: JSONObject, declared: [ParameterSpec], at root: String = "spec.parameters"
    ) -> Outcome {
        var faults: [String] = []
        var values: [String: String] = [:]
        for parameter in declared {
            let field = "\(root).\(parameter.name)"
            guard let value = given[parameter.name] ?? parameter.default else {
                if parameter.required == true {
                    faults.append("\(field): is required and must be \(parameter.type.expectation)")
                }
                continue
            }
            let read = ParameterReading(value, of: parameter, at: field)
            faults += read.faults
            if let text = read.text { values[parameter.name] = text }
        }
        faults += unknownFaults(given, declared.map(\.name), root)
        let bytes = StoredSize.of(values)
        if bytes > maximumBytes {
            faults.append("\(root): \(bytes) bytes as stored; at most \(maximumBytes) are allowed")
        }
        return faults.isEmpty ? .values(values) : .faults(faults)
    }

    private static func unknownFaults(
        _ given: JSONObject, _ names: [String], _ root: String
    ) -> [String] {
        let unknown = given.keys.filter { !names.contains($0) }.sorted()
        let known = names.isEmpty ? "the pipeline takes none" : "the pipeline takes \(names.joined(separator: ", "))"
        let shown = unknown.prefix(PipelineCheck.maximumParameters)
        let faults = shown.map {
            "\(root).\(ParameterReading.listed(JSONValue.shortened($0))): is unknown; \(known)"
        }
        guard unknown.count > shown.count else { return faults }
        return faults + ["\(root): \(unknown.count - shown.count) more are unknown"]
    }

    package enum Outcome: Hashable, Sendable {
        case values([String: String])
        case faults([String])
    }
}
