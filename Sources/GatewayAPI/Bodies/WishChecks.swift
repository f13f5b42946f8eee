import Calendars
import DeliveryPlanning
import KubernetesModel
package import ReportAPI
import ReportPlanning

/// What the operator would refuse of a wish, each fault beside the field that it is about.
struct WishChecks {
    private let wish: RequestWish
    private let declared: [ParameterSpec]
    private let channels: KnownChannels?
    private let requester: Person?
    private let pipelineFault: FieldError?

    /// `requester`: who counts as such.
    init(_ wish: RequestWish, pipeline: ReportPipeline, channels: KnownChannels?, requester: Person?) {
        self.wish = wish
        self.requester = requester ?? wish.requester
        self.channels = channels
        declared = pipeline.spec.value?.parameters ?? []
        let fault = PipelineSummaryView.fault(of: pipeline)
        pipelineFault = fault.map {
            FieldError(
                "pipeline", value: .string(wish.pipeline),
                "no report can be made with this pipeline until its author mends it: \($0)")
        }
    }

    func requestFaults() -> [FieldError] {
        if let pipelineFault { return [pipelineFault] }
        return parameterFaults(wish.parameters ?? [:]) + deliverFaults()
    }

    // MARK: Parameters

    /// One parameter after the other, so that each fault is told beside its field whatever its text says.
    private func parameterFaults(_ given: JSONObject) -> [FieldError] {
        var errors: [FieldError] = []
        for parameter in declared {
            let value = given[parameter.name]
            errors += faults(of: value, parameter)
        }
        let names = declared.map(\.name)
        let known = names.isEmpty ? "the pipeline takes none" : "the pipeline takes \(names.joined(separator: ", "))"
        for (name, value) in given.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
            errors.append(FieldError("parameters.\(name.head(bytes: 64))", value: value, "is unknown; \(known)"))
        }
        guard errors.isEmpty, case .faults(let faults) = ParameterCheck.resolve(given, declared: declared) else {
            return errors
        }
        return faults.map { FieldError("parameters", Self.parts(of: $0).message) }
    }

    private func faults(of value: JSONValue?, _ parameter: ParameterSpec) -> [FieldError] {
        let given = JSONObject(present: [parameter.name: value])
        guard case .faults(let faults) = ParameterCheck.resolve(given, declared: [parameter]) else { return [] }
        return faults.map { fault in
            let (field, message) = Self.parts(of: fault)
            return FieldError(field, value: value?.element(field), message)
        }
    }

    /// `spec.parameters.period[0]: what is wrong`
    private static func parts(of fault: String) -> (field: String, message: String) {
        guard let colon = fault.firstRange(of: ": ") else { return ("", fault) }
        let field = fault[..<colon.lowerBound]
        return (
            String(field.hasPrefix("spec.") ? field.dropFirst(5) : field), String(fault[colon.upperBound...])
        )
    }

    // MARK: Deliveries

    private func deliverFaults() -> [FieldError] {
        var errors: [FieldError] = []
        let list = wish.deliver ?? []
        for (index, entry) in list.enumerated() {
            let field = "deliver[\(index)]"
            let channel = channels?.specs[entry.channel]
            if let obstacle = obstacle(to: entry.channel, channel) {
                errors.append(FieldError("\(field).channel", value: .string(entry.channel), obstacle))
                continue
            }
            let faults = DeliveryCheck.faults(
                in: completed(entry, channel), channel: channel, parameters: declared.map(\.name), at: field)
            errors += faults.map { fault in
                let (field, message) = Self.parts(of: fault)
                return FieldError(field, message)
            }
        }
        guard errors.isEmpty else { return errors }
        // What holds for all of it together, such as its size.
        return DeliveryCheck.faults(in: list, parameters: declared.map(\.name), at: "deliver").map { fault in
            let (field, message) = Self.parts(of: fault)
            return FieldError(field, message)
        }
    }

    private func obstacle(to name: String, _ channel: ReportChannelSpec?) -> String? {
        guard let channels else { return nil }
        func admits(_ spec: ReportChannelSpec) -> Bool {
            channels.namespaceLabels.map { DeliveryCheck.admits(namespaceLabels: $0, by: spec) } ?? true
        }
        if let channel, admits(channel) { return nil }
        let usable = channels.specs.filter { admits($0.value) }.keys.sorted()
        let list = usable.isEmpty ? "there is none" : "there are \(usable.joined(separator: ", ").head(bytes: 512))"
        let what = channel == nil ? "is not a channel" : "may not be used by this namespace"
        return "\"\(name)\" \(what); \(list)"
    }

    /// As it is when it is pinned: mails go to the requester where nobody is named.
    private func completed(_ entry: DeliverSpec, _ channel: ReportChannelSpec?) -> DeliverSpec {
        guard channel?.type == .mail, entry.to == nil, entry.cc == nil, let email = requester?.email else {
            return entry
        }
        var entry = entry
        entry.to = [email]
        return entry
    }

    // MARK: Schedules

    func scheduleFaults(
        _ timing: ScheduleTiming, now: Timestamp, zone: (String) -> ZoneRules?
    ) -> [FieldError] {
        var errors = pipelineFault.map { [$0] } ?? []
        var rules = ZoneRules.utc
        if let name = timing.timeZone {
            if let known = zone(name) { rules = known } else { errors.append(ScheduleChecks.unknownZone(name)) }
        }
        var next: Timestamp?
        do throws(CronExpression.Fault) {
            let expression = try CronExpression(timing.schedule)
            next = expression.next(after: now, in: rules)
            if next == nil {
                errors.append(
                    FieldError("schedule", value: .string(timing.schedule), "has no time within the next five years"))
            }
        } catch {
            errors.append(FieldError("schedule", value: .string(timing.schedule), error.description))
        }
        guard pipelineFault == nil else { return errors }
        return errors + templateFaults(at: next ?? now, in: rules) + deliverFaults()
    }

    /// Texts with placeholders are checked as they will be at the next time.
    private func templateFaults(at time: Timestamp, in zone: ZoneRules) -> [FieldError] {
        var errors: [FieldError] = []
        var resolved = wish.parameters ?? [:]
        var moving: Set<String> = []
        for (name, value) in resolved.sorted(by: { $0.key < $1.key }) {
            let isList = value.array != nil
            var items = value.array ?? [value]
            for (index, item) in items.enumerated() {
                guard let text = item.string else { continue }
                do throws(TemplateText.Fault) {
                    let filled = try TemplateText(text).text(at: time, in: zone)
                    if !filled.isSame(as: text) { moving.insert(name) }
                    items[index] = .string(filled)
                } catch {
                    let place = "parameters.\(name.head(bytes: 64))\(isList ? "[\(index)]" : "")"
                    errors.append(FieldError(place, value: item, error.description))
                }
            }
            resolved[name] = isList ? .array(items) : items[0]
        }
        guard errors.isEmpty else { return errors }
        return parameterFaults(resolved).compactMap { fault in
            guard let name = moving.first(where: { fault.field == "parameters.\($0)" }) else { return fault }
            // What is allowed may have changed by then.
            if declared.contains(where: { $0.name == name && $0.enum != nil }) { return nil }
            return FieldError(
                fault.field, value: wish.parameters?[name], "at the next time, \(zone.local(time)): \(fault.message)")
        }
    }
}

extension JSONValue {
    /// The element that a field such as `parameters.accounts[2]` names; else the value itself.
    fileprivate func element(_ field: String) -> JSONValue? {
        guard let elements = array, field.utf8.last == UInt8(ascii: "]"), let open = field.lastIndex(of: "[") else {
            return self
        }
        guard let index = Int(field[field.index(after: open)...].dropLast()), elements.indices.contains(index) else {
            return nil
        }
        return elements[index]
    }
}

/// The channels that there are, as far as the gateway knows, for checks before anything is created.
package struct KnownChannels: Sendable {
    package var specs: [String: ReportChannelSpec]
    /// Of the namespace that the reports are in; nil where they aren't known.
    package var namespaceLabels: [String: String]?

    package init(_ channels: [ReportChannel], namespaceLabels: [String: String]? = nil) {
        specs = Dictionary(channels.compactMap { channel in channel.spec.value.map { (channel.metadata.name, $0) } }) {
            first, _ in first
        }
        self.namespaceLabels = namespaceLabels
    }
}

/// Faults of a schedule that no schema can tell.
enum ScheduleChecks {
    static func unknownZone(_ name: String) -> FieldError {
        FieldError(
            "timeZone", value: .string(name),
            "\"\(name.head(bytes: 64))\" is not a time zone; write an IANA name such as Europe/Berlin or UTC")
    }
}
