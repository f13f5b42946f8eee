import Calendars
import FoundationEssentials
import GatewayAPI
import KubernetesModel
import Testing

@Suite struct CronSentenceTests {
    @Test(arguments: [
        ("* * * * *", "every minute"), ("*/15 * * * *", "every 15 minutes"), ("0 * * * *", "every hour"),
        ("5 * * * *", "every hour, 5 minutes past"), ("1 * * * *", "every hour, 1 minute past"),
        ("@hourly", "every hour"), ("0 */2 * * *", "every 2 hours from 00:00"),
        ("30 */6 * * *", "every 6 hours from 00:30"), ("0 6 * * *", "every day at 06:00"),
        ("@daily", "every day at 00:00"),
        ("0 6,18 * * *", "every day at 06:00 and 18:00"), ("0,30 6 * * *", "every day at 06:00 and 06:30"),
        ("0 6 * * 1", "every Monday at 06:00"), ("0 6 * * mon", "every Monday at 06:00"),
        ("0 6 * * 1-5", "every weekday at 06:00"), ("0 6 * * 0,6", "every Saturday and Sunday at 06:00"),
        ("0 6 * * 1,3,5", "every Monday, Wednesday and Friday at 06:00"), ("@weekly", "every Sunday at 00:00"),
        ("30 6 1 * *", "on the 1st of each month at 06:30"), ("@monthly", "on the 1st of each month at 00:00"),
        ("0 6 1,15 * *", "on the 1st and 15th of each month at 06:00"),
        ("0 6 2,3,11,12,13,22,23 * *", "on the 2nd, 3rd, 11th to 13th, 22nd and 23rd of each month at 06:00"),
        ("0 6 1-7 * *", "on the 1st to 7th of each month at 06:00"),
        ("0 6 */2 * *", "on every 2nd day from the 1st to the 31st of each month at 06:00"),
        ("0 6 1 1 *", "on the 1st of January at 06:00"), ("@yearly", "on the 1st of January at 00:00"),
        ("0 6 1 1,4,7,10 *", "on the 1st of January, April, July and October at 06:00"),
        ("0 6 * 1-3 *", "every day in January to March at 06:00"),
        ("0 6 * dec 1", "every Monday in December at 06:00"),
        ("0 6 1 * 1", "on the 1st of each month and every Monday at 06:00"), ("0 6 1-31 * 1", "every day at 06:00"),
        ("*/15 8-17 * * 1-5", "every 15 minutes from 08:00 to 17:59 on weekdays"),
        ("* 6 * * *", "every minute from 06:00 to 06:59"), ("*/20 * * * 1", "every 20 minutes on Mondays"),
        ("0 8-18 * * *", "every hour from 08:00 to 18:00"),
        ("15 8-18 1 * *", "every hour from 08:15 to 18:15 on the 1st of each month"),
        ("3,13 8-18 * * *", "at minutes 3 and 13 of every hour from 08:00 to 18:59"),
        ("*/7 * * * *", "at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour"),
        ("*/15 6 * 1 *", "every 15 minutes from 06:00 to 06:59 in January"),
        ("@every 90m", "every 90 minutes"), ("@every 1h30m", "every 1 hour and 30 minutes"),
    ])
    func sentencesReadWell(text: String, sentence: String) throws {
        _ = try CronExpression(text)
        #expect(CronSentence.text(of: text, zone: nil) == sentence)
        #expect(CronSentence.text(of: text, zone: "Europe/Berlin") == sentence + ", Europe/Berlin")
    }

    /// Two expressions that run at other times have other sentences.
    @Test func noTwoDifferentOnesReadAlike() throws {
        let minutes = ["0", "*/15", "5,35"]
        let hours = ["*", "6", "8-17", "6,18"]
        let days = ["*", "1", "1-5", "*/2"]
        let months = ["*", "1", "3-5"]
        let weekdays = ["*", "1", "1-5", "0,6"]
        var times: [String: [Timestamp]] = [:]
        for minute in minutes {
            for hour in hours {
                for day in days {
                    for month in months {
                        for weekday in weekdays {
                            let text = "\(minute) \(hour) \(day) \(month) \(weekday)"
                            let expression = try CronExpression(text)
                            var (found, last) = ([Timestamp](), Fixtures.now)
                            while found.count < 20, let next = expression.next(after: last, in: .utc) {
                                found.append(next)
                                last = next
                            }
                            let sentence = CronSentence.text(of: text, zone: nil)
                            if let other = times[sentence] { #expect(other == found, "\(text): \(sentence)") }
                            times[sentence] = found
                        }
                    }
                }
            }
        }
        #expect(times.count > 300)
    }

    private func local(_ text: String, after time: String, _ zone: String) throws -> [String] {
        let rules = try #require(Fixtures.zone(zone))
        let now = try #require(Timestamp(time))
        return NextTime.five(of: try CronExpression(text), after: now, in: rules).map(\.local)
    }

    @Test func fiveTimesFollowInTheZone() throws {
        #expect(
            try local("0 6 * * 1", after: "2026-10-20T00:00:00Z", "Europe/Berlin") == [
                "2026-10-26T06:00:00+01:00", "2026-11-02T06:00:00+01:00", "2026-11-09T06:00:00+01:00",
                "2026-11-16T06:00:00+01:00", "2026-11-23T06:00:00+01:00",
            ])
    }

    @Test func anHourThatIsLeftOutIsSkippedAndOneThatComesTwiceIsOneRun() throws {
        #expect(
            try local("30 2 * * *", after: "2026-03-28T00:00:00Z", "Europe/Berlin").prefix(2) == [
                "2026-03-28T02:30:00+01:00", "2026-03-30T02:30:00+02:00",
            ])
        let autumn = try local("30 2 * * *", after: "2026-10-24T00:00:00Z", "Europe/Berlin")
        #expect(autumn.prefix(2) == ["2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00"])
    }

    @Test func theTimesAreThoseOfTheClockOnBothSidesOfAChange() throws {
        let times = try local("0 6 1 * *", after: "2026-09-15T00:00:00Z", "America/New_York")
        #expect(
            times == [
                "2026-10-01T06:00:00-04:00", "2026-11-01T06:00:00-05:00", "2026-12-01T06:00:00-05:00",
                "2027-01-01T06:00:00-05:00", "2027-02-01T06:00:00-05:00",
            ])
    }

    @Test func whatNeverComesHasNone() throws {
        #expect(try local("0 0 30 2 *", after: "2026-01-01T00:00:00Z", "UTC").isEmpty)
        #expect(try local("0 0 29 2 *", after: "2026-01-01T00:00:00Z", "UTC").count == 5)
    }

    @Test func whatIsWrongIsNamed() throws {
        for (query, field) in [
            ("schedule=x", "schedule"), ("schedule=0+6+*+*+8", "schedule"),
            ("schedule=@daily&timeZone=Mars", "timeZone"),
        ] {
            let parsed = try SchedulePreviewQuery(query)
            do throws(Problem) {
                _ = try SchedulePreviewView(parsed, now: Fixtures.now, zone: Fixtures.zone)
                Issue.record("\(query) was taken")
            } catch {
                #expect(error.status == 400)
                #expect(error.errors.map(\.field) == [field])
            }
        }
    }
}
