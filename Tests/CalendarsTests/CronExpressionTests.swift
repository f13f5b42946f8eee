import Calendars
import KubernetesModel
import TestSupport
import Testing

struct CronExpressionTests {
    /// The next three runs, as github.com/robfig/cron v3.0.1 gives them with the same zone database.
    @Test(arguments: [
        (
            "0 6 1 * *", "America/Indiana/Indianapolis", "2026-01-31T12:00:00Z",
            "2026-02-01T11:00:00Z 2026-03-01T11:00:00Z 2026-04-01T10:00:00Z"
        ),
        (
            "*/15 * * * *", "UTC", "2026-02-28T23:50:00Z",
            "2026-03-01T00:00:00Z 2026-03-01T00:15:00Z 2026-03-01T00:30:00Z"
        ),
        ("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z 2032-02-29T00:00:00Z 2036-02-29T00:00:00Z"),
        (
            "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
            "2026-03-30T00:30:00Z 2026-03-31T00:30:00Z 2026-04-01T00:30:00Z"
        ),
        (
            "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z",
            "2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z"
        ),
        (
            "30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z 2026-10-26T01:30:00Z 2026-10-27T01:30:00Z"
        ),
        (
            "30 * * * *", "Europe/Berlin", "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z 2026-10-25T02:30:00Z 2026-10-25T03:30:00Z"
        ),
        (
            "30 1 * * *", "America/New_York", "2026-11-01T05:30:00Z",
            "2026-11-01T06:30:00Z 2026-11-02T06:30:00Z 2026-11-03T06:30:00Z"
        ),
        (
            "0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z",
            "2018-11-05T02:00:00Z 2018-11-06T02:00:00Z 2018-11-07T02:00:00Z"
        ),
        (
            "0 0 * * *", "Asia/Beirut", "2026-03-28T12:00:00Z",
            "2026-03-29T21:00:00Z 2026-03-30T21:00:00Z 2026-03-31T21:00:00Z"
        ),
        (
            "0 1 * * *", "Asia/Beirut", "2026-03-28T12:00:00Z",
            "2026-03-28T22:00:00Z 2026-03-29T22:00:00Z 2026-03-30T22:00:00Z"
        ),
        (
            "0 12 * * *", "America/Sao_Paulo", "2018-11-03T18:00:00Z",
            "2018-11-04T14:00:00Z 2018-11-05T14:00:00Z 2018-11-06T14:00:00Z"
        ),
        (
            "0 9 * * mon-fri", "Asia/Kolkata", "2026-11-20T04:00:00Z",
            "2026-11-23T03:30:00Z 2026-11-24T03:30:00Z 2026-11-25T03:30:00Z"
        ),
        (
            "0 9 13 * fri", "UTC", "2026-11-01T00:00:00Z",
            "2026-11-06T09:00:00Z 2026-11-13T09:00:00Z 2026-11-20T09:00:00Z"
        ),
        (
            "0 9 */2 * fri", "UTC", "2026-11-02T10:00:00Z",
            "2026-11-03T09:00:00Z 2026-11-05T09:00:00Z 2026-11-06T09:00:00Z"
        ),
        ("0 9 ? * 0", "UTC", "2026-11-02T10:00:00Z", "2026-11-08T09:00:00Z 2026-11-15T09:00:00Z 2026-11-22T09:00:00Z"),
        (
            "5/20 3-5/2 1,15 JAN,jul *", "UTC", "2026-07-15T05:45:00Z",
            "2027-01-01T03:05:00Z 2027-01-01T03:25:00Z 2027-01-01T03:45:00Z"
        ),
        ("0 0 31 * *", "UTC", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z 2026-05-31T00:00:00Z 2026-07-31T00:00:00Z"),
        ("0 0 30 2 *", "UTC", "2026-01-31T00:00:00Z", "-"),
        (
            "@hourly", "Asia/Kathmandu", "2026-01-31T00:10:00Z",
            "2026-01-31T00:15:00Z 2026-01-31T01:15:00Z 2026-01-31T02:15:00Z"
        ),
        (
            "@weekly", "Australia/Lord_Howe", "2026-04-04T10:00:00Z",
            "2026-04-04T13:00:00Z 2026-04-18T13:30:00Z 2026-04-25T13:30:00Z"
        ),
        (
            "@monthly", "Pacific/Apia", "2026-01-31T09:59:59Z",
            "2026-01-31T11:00:00Z 2026-02-28T11:00:00Z 2026-03-31T11:00:00Z"
        ),
        (
            "@yearly", "Pacific/Kiritimati", "2026-01-31T09:59:59Z",
            "2026-12-31T10:00:00Z 2027-12-31T10:00:00Z 2028-12-31T10:00:00Z"
        ),
        (
            "0 2 * * *", "Australia/Lord_Howe", "2026-10-03T10:00:00Z",
            "2026-10-04T15:00:00Z 2026-10-05T15:00:00Z 2026-10-06T15:00:00Z"
        ),
        (
            "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T10:00:00Z",
            "2026-10-04T15:15:00Z 2026-10-05T15:15:00Z 2026-10-06T15:15:00Z"
        ),
        (
            "0 4 * * 0", "America/Nuuk", "2026-03-28T10:00:00Z",
            "2026-03-29T05:00:00Z 2026-04-05T05:00:00Z 2026-04-12T05:00:00Z"
        ),
        (
            "59 23 31 12 *", "Africa/Casablanca", "2026-12-31T22:58:00Z",
            "2026-12-31T22:59:00Z 2027-12-31T22:59:00Z 2028-12-31T22:59:00Z"
        ),
        ("@every 90m", "UTC", "2026-12-31T22:58:00Z", "2027-01-01T00:28:00Z 2027-01-01T01:58:00Z 2027-01-01T03:28:00Z"),
        (
            "0 * * * *", "Europe/Dublin", "2026-03-29T00:30:00Z",
            "2026-03-29T01:00:00Z 2026-03-29T02:00:00Z 2026-03-29T03:00:00Z"
        ),
        (
            "0 22-23 * * *", "Africa/Cairo", "2026-04-23T18:30:00Z",
            "2026-04-23T20:00:00Z 2026-04-23T21:00:00Z 2026-04-24T19:00:00Z"
        ),
        (
            "0 0 24 4 *", "Africa/Cairo", "2025-04-25T18:30:00Z",
            "2027-04-23T22:00:00Z 2028-04-23T22:00:00Z 2029-04-23T22:00:00Z"
        ),
    ])
    func nextRunsAreThoseOfTheLibraryThatKubernetesUses(
        expression: String, zone: String, after: String, runs: String
    ) throws {
        let (expression, zone) = (try CronExpression(expression), try ZoneRules.named(zone))
        var moment = try #require(Timestamp(after))
        var found: [String] = []
        while found.count < 3, let next = expression.next(after: moment, in: zone) {
            found.append("\(next)")
            moment = next
        }
        #expect((found.isEmpty ? "-" : found.joined(separator: " ")) == runs)
    }

    @Test(arguments: [
        ("", "0 fields"), ("* * * *", "4 fields"), ("0 0 0 * * *", "6 fields"), ("60 * * * *", "minute: \"60\""),
        ("* 24 * * *", "hour: \"24\""), ("* * 0 * *", "day of month"), ("* * * 13 *", "month: \"13\""),
        ("* * * * 7", "day of week: \"7\""), ("5-1 * * * *", "ends before"), ("*/0 * * * *", "step"),
        ("*/+2 * * * *", "step"), ("1-2-3 * * * *", "not a range"), ("1/2/3 * * * *", "not a range"),
        ("x * * * *", "not a number"), ("* * * * monday", "not a number"), ("@dayly", "unknown"),
        ("@daily x", "unknown"),
        ("@every", "unknown"), ("@every x", "not a duration"), ("@every 0s", "not a duration"),
        ("TZ=Europe/Berlin 0 0 * * *", "timeZone"), ("CRON_TZ=UTC 0 0 * * *", "timeZone"),
    ])
    func faultTellsWhereItIs(text: String, part: String) {
        #expect {
            try CronExpression(text)
        } throws: {
            "\($0)".contains(part)
        }
    }
}
