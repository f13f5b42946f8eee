package import Calendars
import DeliveryPlanning
package import KubernetesModel
package import ReportAPI

/// A schedule's template of requests, found to be one that every tick can be made of.
package struct ScheduleTemplate: Hashable, Sendable {
    /// Everything that is wrong with a template, with its fields.
    package struct Faults: Error, Hashable, CustomStringConvertible {
        package let list: [String]
        /// What can be read of it, so that the rest can be judged.
        package let legible: ScheduleTemplate

        package var description: String { list.joined(separator: "; ") }
    }

    let labels: [String: String]
    let annotations: [String: String]
    let spec: ReportRequestSpec
    /// Of the schedule's days.
    var workdays: Workdays
    /// Parameters with a placeholder that can't be read: of none where the template has no faults. They aren't in `spec`.
    let unread: Set<String>
    private let texts: [String: TemplateText]
    /// Of parameters that take several values: the texts among them, by their places.
    private let lists: [String: [Int: TemplateText]]

    package init(
        _ template: ReportScheduleSpec.RequestTemplate, holidays: ReportScheduleSpec.Holidays? = nil,
        skipOn: ReportScheduleSpec.SkipOn? = nil
    ) throws(Faults) {
        var spec = template.spec
        labels = template.metadata?.labels ?? [:]
        annotations = template.metadata?.annotations ?? [:]
        var texts: [String: TemplateText] = [:]
        var lists: [String: [Int: TemplateText]] = [:]
        var unread: Set<String> = []
        var faults: [String] = []
        do throws(Workdays.Faults) {
            workdays = try Workdays(holidays)
        } catch {
            workdays = .withoutHolidays
            faults.append(error.description)
        }
        if skipOn == .holidays, holidays?.dates?.isEmpty ?? true, holidays?.configMap == nil {
            faults.append(
                "spec.skipOn: there are no holidays to skip; list them in spec.holidays.dates, or name a ConfigMap that "
                    + "lists them in spec.holidays.configMap")
        }
        // The server checks these too, where it knows such rules.
        if (spec.pipelineRef == nil) == (spec.pipeline == nil) {
            faults.append("spec.request.spec: exactly one of pipelineRef and pipeline is needed")
        }
        if spec.cancel != nil { faults.append("spec.request.spec.cancel: belongs to a run, not to a schedule") }
        if spec.attempt != nil { faults.append("spec.request.spec.attempt: belongs to a run, not to a schedule") }
        for (name, value) in (spec.parameters ?? [:]).sorted(by: { $0.key < $1.key }) {
            let isList = value.array != nil
            for (place, item) in (value.array ?? [value]).enumerated() {
                guard let text = item.string else { continue }
                do throws(TemplateText.Fault) {
                    let template = try TemplateText(text)
                    if isList { lists[name, default: [:]][place] = template } else { texts[name] = template }
                } catch {
                    unread.insert(name)
                    faults.append("spec.request.spec.parameters.\(name)\(isList ? "[\(place)]" : ""): \(error)")
                }
            }
        }
        // Those of a pipeline that it refers to are known when a request is accepted.
        let parameters = spec.pipeline.map { pipeline in pipeline.parameters?.map(\.name) ?? [] }
        faults += DeliveryCheck.faults(
            in: spec.deliver ?? [], parameters: parameters, at: "spec.request.spec.deliver")
        faults += DeliveryCheck.faults(
            in: spec.pipeline?.deliver ?? [], parameters: parameters, at: "spec.request.spec.pipeline.deliver")
        for name in unread {
            spec.parameters?[name] = nil
            (texts[name], lists[name]) = (nil, nil)
        }
        (self.spec, self.texts, self.lists, self.unread) = (spec, texts, lists, unread)
        guard faults.isEmpty else { throw Faults(list: faults, legible: self) }
    }

    /// The names of the parameters that are others at other times.
    var moving: Set<String> {
        Set(texts.filter { !$0.value.isFixed }.keys)
            .union(lists.filter { !$0.value.values.allSatisfy(\.isFixed) }.keys)
    }

    /// What a request asks for whose scheduled time that is.
    package func spec(at time: Timestamp, in zone: ZoneRules) -> ReportRequestSpec {
        var spec = spec
        for (name, text) in texts {
            spec.parameters?[name] = .string(text.text(at: time, in: zone, workdays: workdays))
        }
        for (name, places) in lists {
            let items = spec.parameters?[name]?.array ?? []
            spec.parameters?[name] = .array(
                items.enumerated().map { place, item in
                    places[place].map { .string($0.text(at: time, in: zone, workdays: workdays)) } ?? item
                })
        }
        return spec
    }
}
