import KubernetesModel

/// RFC 5322's dates, in UTC.
enum MailDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 28 Nov 2026 10:35:20 +0000`.
    static func text(secondsSince1970 seconds: Int) -> String {
        let time = Int64(seconds).remainder(by: 86400)
        let date = CalendarDate(daysSinceEpoch: Int64(seconds).floored(by: 86400))
        let clock = [time / 3600, time / 60 % 60, time % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        let (weekday, month) = (days[Int(date.weekday)], months[Int(date.month) - 1])
        return "\(weekday), \(date.day) \(month) \(date.year) \(clock) +0000"
    }
}
