import DeliveryPlanning
import KubernetesModel
package import ReportAPI

/// A trigger's spec, found to be one that requests can be made of.
package struct TriggerTemplate: Hashable, Sendable {
    /// Everything that is wrong with a spec, with its fields.
    package struct Faults: Error, Hashable, CustomStringConvertible {
        package let list: [String]
        /// What can be read of it, so that the rest can be judged.
        package let legible: TriggerTemplate

        package var description: String { FaultList.text(list) }
    }

    /// What an alert lacks that a parameter stands for.
    struct Missing: Error, Hashable {
        let source: AlertText.Source
        let parameter: String
    }

    /// A request that is made of a firing.
    struct Step: Hashable, Sendable {
        /// Seconds from the firing's first notice.
        let after: Int64
        /// In place of the template's; nil: as the template says.
        let deliver: [DeliverSpec]?
    }

    /// A parameter's text, or one of several that it takes.
    private struct Text: Hashable, Sendable {
        let parameter: String
        /// Nil where the parameter takes one value.
        let index: Int?
        let text: AlertText

        var field: String { "\(TriggerTemplate.root).\(parameter)\(index.map { "[\($0)]" } ?? "")" }
    }

    static let root = "spec.request.parameters"

    /// Seconds.
    package let cooldown: Int64
    package let staleAfter: Int64
    /// The first is made at once.
    let steps: [Step]
    private let match: [String: String]
    private let request: ReportTriggerSpec.RequestTemplate
    private let texts: [Text]
    /// Parameters with a placeholder that can't be read: of none where the spec has no faults. They aren't in `request`.
    private let unread: Set<String>

    package init(_ spec: ReportTriggerSpec) throws(Faults) {
        var request = spec.request
        match = spec.match.labels
        cooldown = spec.cooldownSeconds
        staleAfter = spec.staleSeconds
        let escalation = spec.escalation ?? []
        steps =
            [Step(after: 0, deliver: nil)] + escalation.map { Step(after: $0.after.seconds, deliver: $0.deliver) }
        var faults: [String] = []
        // The server checks these too, of what it doesn't know of old.
        if spec.tokenSHA256.utf8.count != 64 || !spec.tokenSHA256.utf8.allSatisfy(Self.isHexadecimal) {
            faults.append("spec.tokenSHA256: must be the 64 hexadecimal digits, in lower case, that sha256sum prints")
        }
        if match.isEmpty { faults.append("spec.match.labels: at least one is needed, or every alert would match") }
        if escalation.count > ReportTriggerSpec.maximumSteps {
            faults.append(
                "spec.escalation: \(escalation.count) steps are given; at most \(ReportTriggerSpec.maximumSteps) are allowed"
            )
        }
        if staleAfter <= cooldown {
            faults.append(
                "spec.staleAfter: must be longer than spec.cooldown, since the time of the last notice is kept to within "
                    + "cooldown; leave it out for 4h more than cooldown")
        }
        for (place, pair) in zip(steps, steps.dropFirst()).enumerated() where pair.0.after >= pair.1.after {
            faults.append("spec.escalation[\(place)].after: must be longer than that of the step before")
        }
        var texts: [Text] = []
        var unread: Set<String> = []
        for (name, value) in (request.parameters ?? [:]).sorted(by: { $0.key < $1.key }) {
            let list = value.array
            for (index, item) in (list ?? [value]).enumerated() {
                guard let written = item.string else { continue }
                let index = list == nil ? nil : index
                do throws(AlertText.Fault) {
                    texts.append(Text(parameter: name, index: index, text: try AlertText(written)))
                } catch {
                    unread.insert(name)
                    faults.append("\(Self.root).\(name)\(index.map { "[\($0)]" } ?? ""): \(error)")
                }
            }
        }
        for name in unread { request.parameters?[name] = nil }
        texts.removeAll { unread.contains($0.parameter) }
        (self.request, self.texts, self.unread) = (request, texts, unread)
        // The pipeline's parameters are known when a request is accepted.
        faults += DeliveryCheck.faults(in: request.deliver ?? [], parameters: nil, at: "spec.request.deliver")
        for (place, step) in escalation.enumerated() {
            faults += DeliveryCheck.faults(in: step.deliver, parameters: nil, at: "spec.escalation[\(place)].deliver")
        }
        guard faults.isEmpty else { throw Faults(list: faults, legible: self) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Whether an alert with these labels makes requests.
    package func matches(_ labels: [String: String]) -> Bool {
        match.allSatisfy { wanted in labels[wanted.key]?.isSame(as: wanted.value) ?? false }
    }

    /// What it asks for of an alert's labels and annotations.
    package var sources: Set<AlertText.Source> { Set(texts.flatMap(\.text.sources)) }

    /// What every request is refused for, whatever the alert: of parameters with placeholders only the name is judged.
    func faults(declared: [ParameterSpec]) -> [String] {
        let moving = Set(texts.filter { !$0.text.sources.isEmpty }.map(\.parameter))
        let (names, all) = (Set(declared.map(\.name)), fixed)
        // The unknown ones among them stay, to be said to be unknown.
        var given = all.filter { !moving.contains($0.key) || !names.contains($0.key) }
        for name in unread where !names.contains(name) { given[name] = .string("") }
        let judged = declared.filter { !moving.contains($0.name) && !unread.contains($0.name) }
        guard case .faults(let faults) = ParameterCheck.resolve(given, declared: judged, at: Self.root) else {
            return []
        }
        return faults
    }

    /// The parameters with `{{` read, and with placeholders that stand for nothing.
    private var fixed: JSONObject { parameters { $0.text.filled { _ in "" } } }

    private func parameters(_ value: (Text) -> String) -> JSONObject {
        var parameters = request.parameters ?? [:]
        for text in texts {
            let value = JSONValue.string(value(text))
            guard let index = text.index else {
                parameters[text.parameter] = value
                continue
            }
            var list = parameters[text.parameter]?.array ?? []
            list[index] = value
            parameters[text.parameter] = .array(list)
        }
        return parameters
    }

    func spec(of alert: ReportTriggerStatus.Alert, deliver: [DeliverSpec]?) throws(Missing) -> ReportRequestSpec {
        for text in texts {
            if let source = text.text.sources.first(where: { $0.value(in: alert) == nil }) {
                throw Missing(source: source, parameter: text.field)
            }
        }
        let parameters = parameters { $0.text.filled { $0.value(in: alert) ?? "" } }
        return ReportRequestSpec(
            pipelineRef: request.pipelineRef, parameters: parameters.isEmpty ? nil : parameters,
            requester: request.requester, output: request.output, deliver: deliver ?? request.deliver,
            priority: request.priority, ttlSecondsAfterFinished: request.ttlSecondsAfterFinished)
    }
}
