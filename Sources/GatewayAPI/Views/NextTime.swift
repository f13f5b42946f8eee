package import Calendars
package import KubernetesModel

/// A time at which a schedule will ask for its report.
package struct NextTime: Hashable, Sendable, JSONWritable {
    package var utc: Timestamp
    /// In the schedule's zone, with its offset.
    package var local: String

    package init(_ moment: Timestamp, in zone: ZoneRules) {
        utc = moment
        local = "\(zone.local(moment))"
    }

    /// The next ones after `now`, five at most; fewer where there are no more within five years.
    package static func five(
        of expression: CronExpression, after now: Timestamp, in zone: ZoneRules
    ) -> [NextTime] {
        var (times, last): ([NextTime], Timestamp) = ([], now)
        while times.count < 5, let next = expression.next(after: last, in: zone) {
            times.append(NextTime(next, in: zone))
            last = next
        }
        return times
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("utc", utc)
            $0.member("local", local)
        }
    }
}
