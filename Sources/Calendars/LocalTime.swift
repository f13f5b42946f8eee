package import KubernetesModel

/// A moment as the clocks and calendars of a zone show it.
package struct LocalTime: Hashable, Sendable, CustomStringConvertible {
    package let date: CalendarDate
    package let hour: Int64
    package let minute: Int64
    package let second: Int64
    /// Seconds east of UTC.
    package let offset: Int64

    package init(_ moment: Timestamp, offset: Int64) {
        let clock = moment.seconds + offset
        let day = clock.floored(by: 86400)
        let time = clock - day * 86400
        date = CalendarDate(daysSinceEpoch: day)
        hour = time / 3600
        minute = time / 60 % 60
        second = time % 60
        self.offset = offset
    }

    /// RFC 3339, such as `2026-03-31T06:00:00-04:00`; an offset's seconds, which it has no place for, are cut off.
    package var description: String {
        let clock = [hour, minute, second].map { $0.padded(to: 2) }.joined(separator: ":")
        guard offset != 0 else { return "\(date)T\(clock)Z" }
        let distance = [abs(offset) / 3600, abs(offset) / 60 % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        return "\(date)T\(clock)\(offset < 0 ? "-" : "+")\(distance)"
    }
}
