package import KubernetesModel
package import ReportAPI

/// The environment that every stage finds.
package enum StageEnvironment {
    /// The variable of a parameter: `company-code` becomes `REPORT_PARAM_COMPANY_CODE`.
    package static func variable(for parameter: String) -> String {
        "REPORT_PARAM_"
            + String(parameter.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// Kubernetes' `EnvVar`s, in an order that depends on nothing but the run.
    package static func variables(request: ReportRequest, run: AcceptedRun, stage: String, attempt: Int) -> [JSONValue]
    {
        var pairs: [(String, String)] = [
            ("REPORT_ID", request.metadata.uid),
            ("REPORT_NAME", request.metadata.name),
            ("REPORT_NAMESPACE", request.metadata.namespace),
            ("REPORT_PIPELINE", run.name),
            ("REPORT_STAGE", stage),
            ("REPORT_ATTEMPT", String(attempt)),
            ("REPORT_PARAMETERS", json(run.parameters, declared: run.pipeline.parameters ?? [])),
        ]
        if let fence = request.status?.fence { pairs.append(("REPORT_FENCE", String(fence))) }
        if let trace = request.traceParent { pairs.append((TraceParent.variable, trace.description)) }
        pairs += run.parameters.sorted { $0.key < $1.key }.map { (variable(for: $0.key), $0.value) }
        return pairs.map { name, value in
            .object(["name": .string(name), "value": .string(escaped(value))])
        }
    }

    /// Kubernetes expands `$(X)` in values and reads `$$` as a dollar sign, so every dollar sign is doubled and the
    /// value arrives byte for byte. Source: k8s.io/kubernetes/third_party/forked/golang/expansion.
    private static func escaped(_ value: String) -> String {
        // By scalars: to Swift a dollar sign and the combining mark behind it are one character.
        var escaped = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if scalar == "$" { escaped.append(scalar) }
            escaped.append(scalar)
        }
        return String(escaped)
    }

    /// The parameters as one JSON object, each in its own type.
    static func json(_ parameters: [String: String], declared: [ParameterSpec]) -> String {
        let specs = Dictionary(declared.map { ($0.name, $0) }) { first, _ in first }
        let object = parameters.map { name, text -> (String, JSONValue) in
            let spec = specs[name]
            // The items of a list have their types already.
            if spec?.multiple == true, let spec { return (name, spec.value(ofText: text)) }
            return (name, ParameterValue.json(text, kind: spec?.type ?? .string))
        }
        return String(decoding: JSONValue.object(JSONObject(object) { first, _ in first }).jsonText, as: UTF8.self)
    }
}
