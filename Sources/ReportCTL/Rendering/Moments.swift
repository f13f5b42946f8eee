import Glibc
import KubernetesModel
import ReportAPI

/// How moments and lengths of time are written for people.
struct Moments: Sendable {
    /// Seconds east of UTC at a moment (Unix seconds).
    let offset: @Sendable (Int64) -> Int64

    static let utc = Moments { _ in 0 }

    /// As `TZ` or the machine has it.
    static let local = Moments { seconds in
        var time = time_t(seconds)
        var fields = tm()
        localtime_r(&time, &fields)
        return Int64(fields.tm_gmtoff)
    }

    /// `14:03:27`
    func clock(_ moment: Timestamp) -> String { String(local(moment).dropFirst(11).prefix(8)) }

    /// `2026-10-31 14:03:27`
    func full(_ moment: Timestamp) -> String {
        let text = local(moment)
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
    }

    /// `about 14:20`: an expectation, as coarse as it is far, since past runs know nothing of seconds. Nil for what is past.
    func about(_ moment: Timestamp, now: Timestamp) -> String? {
        let seconds = moment.seconds - now.seconds
        guard seconds >= 0 else { return nil }
        guard seconds >= 60 else { return "in less than a minute" }
        let step: Int64 = seconds > 5400 ? 600 : seconds > 900 ? 300 : 60
        let rounded = Timestamp(seconds: (moment.seconds + step / 2) / step * step)
        let (then, today) = (local(rounded), local(now))
        let tomorrow = local(Timestamp(seconds: now.seconds + 86400))
        let time = then.dropFirst(11).prefix(5)
        return switch then.prefix(10) {
        case today.prefix(10): "about \(time)"
        case tomorrow.prefix(10): "about tomorrow \(time)"
        default: "about \(then.prefix(10)) \(time)"
        }
    }

    private func local(_ moment: Timestamp) -> String {
        Timestamp(seconds: moment.seconds + offset(moment.seconds)).description
    }

    /// `41s`, `12m`, `3h10m`, `5d`: how long ago, as kubectl writes it.
    static func age(_ moment: Timestamp?, now: Timestamp) -> String {
        guard let moment else { return "" }
        return brief(max(0, now.seconds - moment.seconds))
    }

    /// As kubectl shortens it: the longer, the rougher.
    static func brief(_ seconds: Int64) -> String {
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<600: return seconds % 60 == 0 ? "\(minutes)m" : "\(minutes)m\(seconds % 60)s"
        case ..<10_800: return "\(minutes)m"
        case ..<28_800: return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m"
        case ..<172_800: return "\(hours)h"
        case ..<691_200: return hours % 24 == 0 ? "\(days)d" : "\(days)d\(hours % 24)h"
        case ..<63_072_000: return "\(days)d"
        default: return "\(days / 365)y\(days % 365)d"
        }
    }

    /// How long something took, or has taken until now; empty when it hasn't begun.
    static func length(from start: Timestamp?, to end: Timestamp?, now: Timestamp) -> String {
        guard let start else { return "" }
        return ReportDuration.format(seconds: max(0, (end ?? now).seconds - start.seconds))
    }
}

/// A moment as people give it on a command line.
enum TimeArgument {
    /// `90m`, `12h`, `7d`, `2w` before `now`; a day such as `2026-10-31`, from its midnight in the zone; or RFC 3339.
    static func moment(_ text: String, now: Timestamp, moments: Moments) -> Timestamp? {
        if let moment = Timestamp(text) { return moment }
        if let midnight = Timestamp(text + "T00:00:00Z") {
            return Timestamp(seconds: midnight.seconds - moments.offset(midnight.seconds))
        }
        let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let unit = text.last, let factor = factors[unit], text.dropLast().utf8.count <= 6,
            let count = Int64(text.dropLast()), count >= 0
        else { return nil }
        return Timestamp(seconds: now.seconds - count * factor)
    }

    /// `180d`, `26w`, `24mo`, `2y` before `now`: months and years by the calendar. Nil of anything else.
    static func ago(_ text: String, now: Timestamp) -> Timestamp? {
        let unit = text.drop { $0.isASCII && $0.isNumber }
        guard let count = Int64(text.dropLast(unit.count)), (0...100_000).contains(count) else { return nil }
        switch unit {
        case "d": return now.adding(-count * 86_400)
        case "w": return now.adding(-count * 604_800)
        case "mo", "y":
            let day = CalendarDate(daysSinceEpoch: now.seconds.floored(by: 86_400))
            let months = day.year * 12 + day.month - 1 - count * (unit == "y" ? 12 : 1)
            let (year, month) = (months.floored(by: 12), months - months.floored(by: 12) * 12 + 1)
            let last = CalendarDate.days(in: month, of: year)
            let then = CalendarDate(year: year, month: month, day: min(day.day, last))
            return now.adding((then.daysSinceEpoch - day.daysSinceEpoch) * 86_400)
        default: return nil
        }
    }

    static let help = "such as 12h, 7d, 2026-10-31 or 2026-10-31T14:00:00Z"
}
