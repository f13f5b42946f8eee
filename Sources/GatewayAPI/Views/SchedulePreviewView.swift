package import Calendars
package import KubernetesModel

/// What a cron expression means, before there is a schedule of it.
package struct SchedulePreviewView: Hashable, Sendable, JSONWritable {
    /// Such as `every Monday at 06:00, Europe/Berlin`.
    package var sentence: String
    package var next: [NextTime]

    /// `zone`: the rules of a zone by its name, nil where there is none of that name.
    ///
    /// - Throws: a 400 that names the parameter.
    package init(
        _ query: SchedulePreviewQuery, now: Timestamp, zone: (String) -> ZoneRules?
    ) throws(Problem) {
        let expression: CronExpression
        do throws(CronExpression.Fault) { expression = try CronExpression(query.schedule) } catch {
            throw .badRequest([FieldError("schedule", value: .string(query.schedule), error.description)])
        }
        var rules = ZoneRules.utc
        if let name = query.timeZone {
            guard let known = zone(name) else { throw .badRequest([ScheduleChecks.unknownZone(name)]) }
            rules = known
        }
        sentence = CronSentence.text(of: query.schedule, zone: query.timeZone)
        next = NextTime.five(of: expression, after: now, in: rules)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("sentence", sentence)
            $0.member("next", next)
            if next.isEmpty { $0.member("never", true) }
        }
    }
}
