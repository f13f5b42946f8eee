import KubernetesModel
import ReportAPI
import ReportPlanning

/// Pipelines as somebody sees them who wants to ask for a report.
enum PipelineView {
    static func table(
        _ pipelines: [ReportPipeline], now: Timestamp, isWide: Bool, showsNamespace: Bool
    ) -> TextTable {
        let titles =
            (showsNamespace ? ["NAMESPACE"] : []) + ["NAME", "TITLE", "PARAMETERS"]
            + (isWide ? ["STAGES", "KEY", "LIMIT", "TIMEOUT"] : ["STAGES"]) + ["AGE"]
        var table = TextTable(columns: titles.map { .init(title: $0) })
        for pipeline in pipelines {
            let age = Moments.age(pipeline.metadata.creationTimestamp, now: now)
            let place = showsNamespace ? [StyledText(pipeline.metadata.namespace)] : []
            guard let spec = pipeline.spec.value else {
                table.rows.append(place + [StyledText(pipeline.metadata.name), StyledText("(faulty)", .bad)])
                continue
            }
            let stages = isWide ? spec.stages.map(\.name).joined(separator: ",") : "\(spec.stages.count)"
            let concurrency = [
                spec.concurrency?.key ?? pipeline.metadata.name,
                "\(spec.concurrency?.limit ?? 1)\(spec.concurrency?.scope == .shared ? " shared" : "")",
                spec.timeout?.description ?? "",
            ]
            let cells = [
                pipeline.metadata.name, spec.title ?? "",
                (spec.parameters ?? []).map(brief).joined(separator: " "), stages,
            ]
            table.rows.append(
                place + (cells + (isWide ? concurrency : []) + [age]).map { StyledText($0) })
        }
        return table
    }

    /// `period=MONTH` where it is required, `[company=310507]` where it isn't.
    private static func brief(_ parameter: ParameterSpec) -> String {
        let value = parameter.default.map(ParameterLines.text) ?? parameter.type.rawValue.uppercased()
        let sign = "\(parameter.name)=\(value)\(parameter.multiple == true ? "…" : "")"
        return parameter.required == true && parameter.default == nil ? sign : "[\(sign)]"
    }

    static func details(_ pipeline: ReportPipeline) -> [StyledText] {
        let head = StyledText(pipeline.metadata.name, .strong)
        let spec: PipelineSpec
        switch pipeline.spec {
        case .fault(let fault): return [head, StyledText("can't run: \(fault)", .bad)]
        case .value(let value): spec = value
        }
        var lines = [head + StyledText(spec.title.map { "   \($0)" } ?? "")]
        if let description = spec.description { lines += StyledText.lines(description) }
        lines += PipelineCheck.faults(in: spec, at: "spec").map { StyledText("can't run: \($0)", .bad) }
        lines += [""] + parameters(spec.parameters ?? [])
        var stages = TextTable("STAGE", "AFTER", "TIMEOUT", "IMAGE")
        let graph = StageGraph(spec.stages)
        for (stage, needs) in zip(spec.stages, graph.dependencies) {
            stages.rows.append(
                [stage.name, needs.joined(separator: ","), stage.timeout?.description ?? "", stage.image].map {
                    StyledText($0)
                })
        }
        lines += [""] + stages.lines()
        let group = ConcurrencyGroup(
            namespace: pipeline.metadata.namespace, pipeline: spec, name: pipeline.metadata.name)
        let shared = group.scope == .shared ? ", over all clusters" : ""
        lines += ["", StyledText("At most \(group.limit) at once of \"\(group.key)\"\(shared).")]
        if let timeout = spec.timeout { lines.append(StyledText("Timeout: \(timeout.description).")) }
        return lines
    }

    private static func parameters(_ parameters: [ParameterSpec]) -> [StyledText] {
        guard !parameters.isEmpty else { return ["It takes no parameters."] }
        var table = TextTable("PARAMETER", "TYPE", "REQUIRED", "DEFAULT", "ALLOWED", "TITLE")
        for parameter in parameters {
            table.rows.append(
                [
                    parameter.name, parameter.type.rawValue + (parameter.multiple == true ? " (several)" : ""),
                    parameter.required == true ? "yes" : "no",
                    parameter.default.map(ParameterLines.text) ?? "",
                    (parameter.enum ?? []).map(ParameterLines.text).joined(separator: ", "),
                    parameter.title ?? parameter.description ?? "",
                ].map { StyledText($0) })
        }
        return table.lines()
    }

    /// `submit trial-balance -p period=2026-10`
    static func example(_ pipeline: ReportPipeline) -> String {
        let needed = (pipeline.spec.value?.parameters ?? []).filter { $0.required == true && $0.default == nil }
        let values = needed.map { parameter -> String in
            let value = parameter.enum?.first.map(ParameterLines.text) ?? sample(parameter.type)
            return "-p \(parameter.name)=\(value)"
        }
        return (["submit", pipeline.metadata.name] + values).joined(separator: " ")
    }

    private static func sample(_ kind: ParameterSpec.Kind) -> String {
        switch kind {
        case .string: "TEXT"
        case .integer: "42"
        case .number: "12.5"
        case .boolean: "true"
        case .date: "2026-10-31"
        case .month: "2026-10"
        }
    }
}
