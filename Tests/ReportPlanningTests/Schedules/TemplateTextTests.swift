import KubernetesModel
import ReportPlanning
import TestSupport
import Testing

struct TemplateTextTests {
    @Test(arguments: [
        // Month ends and leap years.
        ("{month}", "UTC", "2026-03-31T06:00:00Z", "2026-03"),
        ("{month-1}", "UTC", "2026-03-31T06:00:00Z", "2026-02"),
        ("{month-1}", "UTC", "2026-01-01T00:00:00Z", "2025-12"),
        ("{month+1}", "UTC", "2025-12-31T23:59:59Z", "2026-01"),
        ("{month-12}", "UTC", "2026-01-31T00:00:00Z", "2025-01"),
        ("{month-13}", "UTC", "2026-01-31T00:00:00Z", "2024-12"),
        ("{month+0}", "UTC", "2024-02-29T00:00:00Z", "2024-02"),
        ("{date-1}", "UTC", "2026-03-01T00:00:00Z", "2026-02-28"),
        ("{date-1}", "UTC", "2028-03-01T00:00:00Z", "2028-02-29"),
        ("{date+1}", "UTC", "2100-02-28T12:00:00Z", "2100-03-01"),
        ("{date-365}", "UTC", "2024-12-31T00:00:00Z", "2024-01-01"),
        ("{year-1}", "UTC", "2024-02-29T00:00:00Z", "2023"), ("{year+999}", "UTC", "2026-02-28T00:00:00Z", "3025"),
        // Zones: another day, month or year than in UTC.
        ("{date}", "America/Indiana/Indianapolis", "2026-03-01T04:59:59Z", "2026-02-28"),
        ("{month}", "America/Indiana/Indianapolis", "2026-03-01T05:00:00Z", "2026-03"),
        ("{month-1}", "Asia/Tokyo", "2026-02-28T15:00:00Z", "2026-02"),
        ("{year}", "Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027"),
        ("{time}", "Asia/Kathmandu", "2026-12-31T10:00:00Z", "2026-12-31T15:45:00+05:45"),
        ("{time}", "UTC", "2026-12-31T10:00:00Z", "2026-12-31T10:00:00Z"),
        // Clocks go forward: the hour after is two hours later on the clock; the day before is a date all the same.
        (
            "{time} {time+1}", "Europe/Berlin", "2026-03-29T00:30:00Z",
            "2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00"
        ),
        ("{date-1} {date}", "Europe/Berlin", "2026-03-29T22:30:00Z", "2026-03-29 2026-03-30"),
        ("{time-24}", "America/New_York", "2026-03-08T10:00:00Z", "2026-03-07T05:00:00-05:00"),
        // And back: the hour after shows the same time.
        (
            "{time} {time+1}", "Europe/Berlin", "2026-10-25T00:30:00Z",
            "2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00"
        ),
        ("{date-1} {date}", "America/New_York", "2026-11-01T05:30:00Z", "2026-10-31 2026-11-01"),
        // As in the documentation.
        (
            "{time} {time-12}", "America/Indiana/Indianapolis", "2026-11-01T11:00:00Z",
            "2026-11-01T06:00:00-05:00 2026-10-31T19:00:00-04:00"
        ),
        (
            "{date} {date-1} {month} {month-1} {year} {year+1}", "America/Indiana/Indianapolis", "2026-11-01T11:00:00Z",
            "2026-11-01 2026-10-31 2026-11 2026-10 2026 2027"
        ),
        // Braces and text.
        ("", "UTC", "2026-03-31T06:00:00Z", ""), ("as it is", "UTC", "2026-03-31T06:00:00Z", "as it is"),
        ("{{", "UTC", "2026-03-31T06:00:00Z", "{"), ("{{month}", "UTC", "2026-03-31T06:00:00Z", "{month}"),
        ("{{{month}}", "UTC", "2026-03-31T06:00:00Z", "{2026-03}"),
        ("}} {{\"a\": \"{date}\"}}", "UTC", "2026-03-31T06:00:00Z", "}} {\"a\": \"2026-03-31\"}}"),
        ("ab {year} to {year+1}, é", "UTC", "2026-03-31T06:00:00Z", "ab 2026 to 2027, é"),
    ])
    func placeholderStandsForTheScheduledTime(text: String, zone: String, at: String, expected: String) throws {
        let moment = try #require(Timestamp(at))
        #expect(try TemplateText(text).text(at: moment, in: try .named(zone)) == expected)
    }

    @Test(arguments: [
        ("{months}", "\"{months}\" is unknown"), ("{}", "\"{}\" is unknown"), ("{Month}", "is unknown"),
        ("{month -1}", "is unknown"), ("{month1}", "is unknown"), ("{month-}", "is unknown"),
        ("{month-1000}", "is unknown"), ("{month-1.5}", "is unknown"), ("a {month", "\"{month\" is not closed"),
        ("a {", "is not closed"), ("{{{", "is not closed"), ("{date}{day}", "\"{day}\" is unknown"),
        ("{month}", ""),
    ])
    func faultNamesTheTextAndWhatIsAllowed(text: String, part: String) {
        do {
            _ = try TemplateText(text)
            #expect(part.isEmpty)
        } catch {
            #expect("\(error)".contains(part) && "\(error)".contains("{time}, {date}, {workday}, {month} and {year}"))
        }
    }
}
