import KubernetesModel
import ReportAPI
import ReportLayout

/// What `kubectl get` shows of a run's parameters. Its columns are paths into the resource, so the status holds short texts.
///
/// Nothing but what the request itself says, or its pipeline as a default: no Secret is read for it.
enum ParameterColumns {
    /// Bytes of all of them, and of one value.
    static let limit = 120
    static let valueLimit = 40

    /// Such as `period=2026-10, companies=4711,4712`, in the pipeline's order; before it is accepted as the request gives
    /// them, by name. Nil where there are none.
    static func summary(_ request: ReportRequest, _ run: AcceptedRun?) -> String? {
        let texts = texts(request, run)
        guard !texts.isEmpty else { return nil }
        return texts.map { "\($0.name)=\($0.text)" }.joined(separator: ", ").head(bytes: limit)
    }

    /// What the report is for, such as `2026-10`: of an accepted run the first parameter that is a month or a date, or is
    /// called as a period is. Nil where there is none.
    static func period(_ run: AcceptedRun?) -> String? {
        let declared = (run?.pipeline.parameters ?? []).filter { $0.multiple != true }
        for isPeriod in [\ParameterSpec.isMoment, \.isNamedAsPeriod] {
            let found = declared.first { $0[keyPath: isPeriod] && run?.parameters[$0.name] != nil }
            if let found { return run?.parameters[found.name].map(short) }
        }
        return nil
    }

    private static func texts(_ request: ReportRequest, _ run: AcceptedRun?) -> [(name: String, text: String)] {
        // More don't fit, and a foreign request may have any number.
        let most = limit / 4
        guard let run else {
            let given = request.spec.value?.parameters ?? [:]
            return given.sorted { $0.key < $1.key }.prefix(most).map {
                ($0.key.head(bytes: valueLimit), text($0.value))
            }
        }
        return (run.pipeline.parameters ?? []).lazy.compactMap { parameter in
            run.parameters[parameter.name].map { (parameter.name, text(parameter.value(ofText: $0))) }
        }.prefix(most).map(\.self)
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): short(text)
        case .array(let values): short(values.prefix(limit / 2).map(text).joined(separator: ","))
        default: short(String(decoding: value.jsonText, as: UTF8.self))
        }
    }

    private static func short(_ text: String) -> String { text.head(bytes: valueLimit).onOneLine }
}

extension ParameterSpec {
    fileprivate var isMoment: Bool {
        switch type {
        case .month, .date: true
        case .string, .integer, .number, .boolean: false
        }
    }

    fileprivate var isNamedAsPeriod: Bool { ["period", "year", "quarter", "week"].contains(name.lowercased()) }
}
