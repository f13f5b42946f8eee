import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
package import ReportAPI
import ReportLayout

/// Finds what is wrong with a pipeline: what the schema says, for servers and clients that skip it, and what no
/// schema can say.
package enum PipelineCheck {
    package static let maximumStages = 64
    package static let maximumParameters = 64
    /// Of a pipeline as the API server stores it: it is pinned in the request's status.
    package static let maximumBytes = 256 * 1024

    /// Every fault, each naming its field, the value and what is allowed; empty for a pipeline that can run.
    ///
    /// `field` is where the pipeline is, such as `spec.pipeline`.
    package static func faults(in pipeline: PipelineSpec, at field: String) -> [String] {
        let members =
            parameterFaults(pipeline.parameters ?? []) + frameFaults(pipeline) + stageFaults(pipeline.stages)
            + orderFaults(pipeline.stages) + layoutFaults(pipeline)
        let deliver = DeliveryCheck.faults(
            in: pipeline.deliver ?? [], parameters: pipeline.parameters?.map(\.name) ?? [], at: "\(field).deliver")
        return members.map { "\(field).\($0)" } + deliver + sizeFaults(pipeline).map { "\(field): \($0)" }
    }

    private static func frameFaults(_ pipeline: PipelineSpec) -> [String] {
        var faults: [String] = []
        if let limit = pipeline.concurrency?.limit, !(1...100).contains(limit) {
            faults.append("concurrency.limit: \(limit) is out of bounds; allowed are 1 to 100")
        }
        if let key = pipeline.concurrency?.key, key.isEmpty || key.utf8.count > 253 {
            faults.append("concurrency.key: \(JSONValue.string(key).brief) must have 1 to 253 characters")
        }
        if let size = pipeline.workspace?.size, !TextForm.isQuantity(size) {
            faults.append("workspace.size: \"\(size)\" is not a quantity such as 500Mi or 1Gi")
        }
        return faults
    }

    private static func layoutFaults(_ pipeline: PipelineSpec) -> [String] {
        guard let layout = pipeline.report else { return [] }
        return LayoutCheck.faults(in: layout, parameters: pipeline.parameters ?? [], at: "report")
    }

    private static func stageFaults(_ stages: [StageSpec]) -> [String] {
        guard !stages.isEmpty else { return ["stages: at least one is required"] }
        guard stages.count <= maximumStages else {
            return ["stages: \(stages.count) are given; at most \(maximumStages) are allowed"]
        }
        var faults: [String] = []
        for (index, stage) in stages.enumerated() {
            let field = "stages[\(index)]"
            if !NameForm.isLabel(stage.name) {
                faults.append(
                    "\(field).name: \"\(stage.name)\" must be lower-case letters, digits and dashes, at most 63")
            }
            if stage.image.isEmpty { faults.append("\(field).image: is required") }
            if let retries = stage.retries, !(0...10).contains(retries) {
                faults.append("\(field).retries: \(retries) is out of bounds; allowed are 0 to 10")
            }
            if let place = stage.image.utf8.firstIndex(where: { $0 <= 0x20 || $0 == 0x7F }) {
                let offset = stage.image.utf8.distance(from: stage.image.utf8.startIndex, to: place)
                faults.append("\(field).image: has a blank or a control character (at byte \(offset)); take it out")
            }
            faults += argumentFaults(stage.command ?? [], "\(field).command")
            faults += argumentFaults(stage.args ?? [], "\(field).args")
            faults += variableFaults(stage.env ?? [], "\(field).env")
            faults += templateFaults(stage, "\(field).podTemplate")
        }
        return faults
    }

    private static func argumentFaults(_ arguments: [String], _ field: String) -> [String] {
        arguments.enumerated().compactMap { position, argument in
            nulFault(argument, "no program's argument").map { "\(field)[\(position)]: \($0)" }
        }
    }

    /// `holder`: what can't hold it. The container wouldn't start, long after the request was taken.
    private static func nulFault(_ text: String, _ holder: String) -> String? {
        guard let place = text.utf8.firstIndex(of: 0) else { return nil }
        let offset = text.utf8.distance(from: text.utf8.startIndex, to: place)
        return "has a NUL byte (at byte \(offset)), which \(holder) can hold; take it out"
    }

    private static func variableFaults(_ variables: [JSONValue], _ field: String) -> [String] {
        variables.enumerated().compactMap { position, variable in
            guard let name = variable["name"]?.string, !name.isEmpty else {
                return "\(field)[\(position)].name: is required"
            }
            if let fault = variable["value"]?.string.flatMap({ nulFault($0, "no environment variable") }) {
                return "\(field)[\(position)].value: \(fault)"
            }
            guard name.utf8.starts(with: "REPORT_".utf8) else { return nil }
            return "\(field)[\(position)].name: \"\(name)\" is reserved, as is all of REPORT_*"
        }
    }

    private static func templateFaults(_ stage: StageSpec, _ field: String) -> [String] {
        guard let template = stage.podTemplate else { return [] }
        guard template.object != nil else {
            return ["\(field): \(template.brief) must be an object with metadata and spec"]
        }
        let metadata = template["metadata"]
        let maps = [("metadata", metadata)] + ["labels", "annotations"].map { ("metadata.\($0)", metadata?[$0]) }
        for (name, value) in maps + [("spec", template["spec"])] {
            guard let value, value.object == nil else { continue }
            return ["\(field).\(name): \(value.brief) must be an object"]
        }
        guard let spec = template["spec"] else { return [] }
        return (spec["containers"]?.array ?? []).enumerated().flatMap { position, container -> [String] in
            guard StageJob.isOwn(container) else { return [] }
            return variableFaults(container["env"]?.array ?? [], "\(field).spec.containers[\(position)].env")
        }
    }

    private static func orderFaults(_ stages: [StageSpec]) -> [String] {
        // Beyond the bound that stageFaults names, the graph isn't worth its search.
        guard stages.count <= maximumStages else { return [] }
        var faults: [String] = []
        var seen: Set<String> = []
        for (index, stage) in stages.enumerated() where !seen.insert(stage.name).inserted {
            faults.append("stages[\(index)].name: \"\(stage.name)\" is used twice; stage names must be unique")
        }
        for (index, stage) in stages.enumerated() {
            if let count = stage.dependsOn?.count, count > maximumStages {
                faults.append("stages[\(index)].dependsOn: \(count) are given; at most \(maximumStages) are allowed")
                continue
            }
            for name in stage.dependsOn ?? [] where !seen.contains(name) {
                faults.append(
                    "stages[\(index)].dependsOn: there is no stage \"\(name)\"; there are "
                        + stages.map(\.name).joined(separator: ", "))
            }
        }
        guard faults.isEmpty else { return faults }
        if let cycle = StageGraph(stages).cycle {
            faults.append("stages: \(cycle.joined(separator: " needs ")): a stage must not wait for itself")
        }
        return faults
    }

    private static func parameterFaults(_ parameters: [ParameterSpec]) -> [String] {
        guard parameters.count <= maximumParameters else {
            return ["parameters: \(parameters.count) are given; at most \(maximumParameters) are allowed"]
        }
        var faults: [String] = []
        var variables: [String: String] = [:]
        for (index, parameter) in parameters.enumerated() {
            let field = "parameters[\(index)]"
            if !TextForm.isParameterName(parameter.name) {
                faults.append(
                    "\(field).name: \"\(parameter.name)\" must begin with a letter, then letters, digits, _ and -")
            }
            let variable = StageEnvironment.variable(for: parameter.name)
            if let other = variables.updateValue(parameter.name, forKey: variable) {
                faults.append("\(field).name: \"\(parameter.name)\" and \"\(other)\" both become \(variable)")
            }
            let bounds = ParameterBounds.faults(in: parameter, at: field)
            faults += bounds
            var one = parameter
            (one.enum, one.multiple) = (nil, nil)
            for value in parameter.enum ?? [] {
                faults += ParameterReading(value, of: one, at: "\(field).enum").faults
            }
            if let value = parameter.default {
                faults += ParameterReading(value, of: parameter, at: "\(field).default").faults
            }
        }
        return faults
    }

    private static func sizeFaults(_ pipeline: PipelineSpec) -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let json = try? encoder.encode(pipeline) else { return [] }
        let bytes = StoredSize.of(json: json)
        guard bytes > maximumBytes else { return [] }
        return ["the pipeline is \(bytes) bytes long as stored; at most \(maximumBytes) are allowed"]
    }
}
