import Calendars
package import KubernetesModel
package import ReportAPI

/// Finds what is wrong with a schedule beside its own fields: with what it asks its pipeline for, and with when it comes.
package enum ScheduleCheck {
    private static let root = "spec.request.spec"

    /// What every request of the schedule would be refused for, whenever it ticks; each fault with its field. A placeholder is
    /// judged by the type, pattern and length of its parameter alone: what else is allowed may be so at some other time.
    package static func faults(in template: ScheduleTemplate, declared: [ParameterSpec]) -> [String] {
        let moving = template.moving
        let names = Set(declared.map(\.name))
        let declared = declared.filter { !template.unread.contains($0.name) }.map { parameter in
            guard moving.contains(parameter.name) else { return parameter }
            var parameter = parameter
            (parameter.enum, parameter.minimum, parameter.maximum) = (nil, nil, nil)
            return parameter
        }
        var fewest: [String]?
        for moment in moving.isEmpty ? Array(moments.prefix(1)) : moments {
            var given = template.spec(at: moment, in: .utc).parameters ?? [:]
            // Those that nobody declares stay, to be said to be unknown.
            for name in template.unread where !names.contains(name) { given[name] = .string("") }
            guard
                case .faults(let faults) = ParameterCheck.resolve(given, declared: declared, at: "\(root).parameters")
            else { return [] }
            if faults.count < fewest?.count ?? .max { fewest = faults }
        }
        return (fewest ?? []).map { explained($0, template, moving) }
    }

    /// What is wrong with a pipeline that a schedule brings itself.
    package static func inlineFaults(in template: ScheduleTemplate) -> [String] {
        guard let pipeline = template.spec.pipeline else { return [] }
        return PipelineCheck.faults(in: pipeline, at: "\(root).pipeline")
            + faults(in: template, declared: pipeline.parameters ?? [])
    }

    /// What is wrong with when it comes. A suspended one may wait for what never is.
    static func timeFaults(in spec: ReportScheduleSpec, now: Timestamp) -> [String] {
        do throws(CronExpression.Fault) {
            _ = try CronExpression(spec.schedule)
        } catch {
            return ["spec.schedule: \(error)"]
        }
        guard spec.suspend != true else { return [] }
        return neverDue(spec.schedule, after: now).map { [$0] } ?? []
    }

    /// Why the clock never comes to it; nil where it does, and where that can't be read.
    package static func neverDue(_ schedule: String, after now: Timestamp) -> String? {
        guard let expression = try? CronExpression(schedule), expression.next(after: now, in: .utc) == nil else {
            return nil
        }
        return "spec.schedule: \(JSONValue.string(schedule).brief) never comes, at least not within five years: "
            + "there is no such day"
    }

    /// Of a fault about a placeholder: what is written there.
    private static func explained(_ fault: String, _ template: ScheduleTemplate, _ moving: Set<String>) -> String {
        let field = fault.prefix { $0 != ":" }
        let name = field.dropFirst("\(root).parameters.".count).prefix { $0 != "[" }
        guard moving.contains(String(name)), let written = template.spec.parameters?[String(name)] else { return fault }
        let text = written.array.map { _ in "a list with placeholders" } ?? written.brief
        return "\(fault); that is what \(text) becomes"
    }

    /// Days of every kind: the first, the middle and the last ones of each month of a leap year.
    private static let moments: [Timestamp] = (1...12).flatMap { month in
        [1, 15, 28, 29, 30, 31].filter { $0 <= CalendarDate.days(in: month, of: 2028) }.map { day in
            let date = CalendarDate(year: 2028, month: month, day: day)
            return Timestamp(seconds: date.daysSinceEpoch * 86_400)
        }
    }
}
