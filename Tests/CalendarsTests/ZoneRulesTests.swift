import Calendars
import Foundation
import KubernetesModel
import TestSupport
import Testing

struct ZoneRulesTests {
    static let zones = [
        "Africa/Cairo", "America/Indiana/Indianapolis", "America/New_York", "America/Sao_Paulo", "Antarctica/Troll",
        "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin",
        "Europe/Dublin", "Europe/London", "Etc/GMT+12", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
    ]

    /// Every five days and a bit from 1975 to 2075: before the first, between and long after the last transition.
    @Test(arguments: zones)
    func offsetsAreThoseThatFoundationKnows(name: String) throws {
        let (rules, zone) = (try ZoneRules.named(name), try #require(TimeZone(identifier: name)))
        for seconds in stride(from: Int64(157_766_400), to: 3_313_526_400, by: 450_061) {
            let moment = Timestamp(seconds: seconds)
            #expect(rules.offset(at: moment) == Int64(zone.secondsFromGMT(for: moment.date)), "\(moment)")
        }
    }

    /// To the second, by both kinds of change: one that the file lists, and one that follows from its rule.
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T01:00:00Z", 3600, 7200), ("Europe/Berlin", "2026-10-25T01:00:00Z", 7200, 3600),
        ("Europe/Berlin", "2061-03-27T01:00:00Z", 3600, 7200), ("Europe/Berlin", "2061-10-30T01:00:00Z", 7200, 3600),
        ("America/New_York", "2061-03-13T07:00:00Z", -18000, -14400),
        ("America/New_York", "2061-11-06T06:00:00Z", -14400, -18000),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", 39600, 37800),
        ("Australia/Lord_Howe", "2061-10-01T15:30:00Z", 37800, 39600),
        ("Europe/Dublin", "2061-03-27T01:00:00Z", 0, 3600),
    ])
    func changeComesAtItsSecond(name: String, change: String, before: Int64, after: Int64) throws {
        let (rules, moment) = (try ZoneRules.named(name), try #require(Timestamp(change)))
        #expect(rules.offset(at: Timestamp(seconds: moment.seconds - 1)) == before)
        #expect(rules.offset(at: moment) == after)
    }

    @Test func fileThatIsCutShortOrDamagedIsRefusedOrReadButNeverTrusted() throws {
        let file = [UInt8](try Data(contentsOf: ZoneRules.file("Europe/Berlin")))
        for length in 0..<(file.count - 1) { #expect(ZoneRules(file: Array(file.prefix(length))) == nil) }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var damaged = file
            for _ in 0..<3 {
                damaged[Int(random.next() % UInt64(file.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let rules = ZoneRules(file: damaged) else { continue }
            for seconds in stride(from: Int64(-4_000_000_000), to: 8_000_000_000, by: 900_000_001) {
                #expect(abs(rules.offset(at: Timestamp(seconds: seconds))) <= 4_000_000)
            }
        }
    }

    @Test func clocksThatShowNoOrTwoSuchTimesFollowOneOfBothOffsets() throws {
        let berlin = try ZoneRules.named("Europe/Berlin")
        let (gap, overlap) = (
            CalendarDate(year: 2026, month: 3, day: 29), CalendarDate(year: 2026, month: 10, day: 25)
        )
        #expect("\(berlin.moment(gap, hour: 2, minute: 30))" == "2026-03-29T01:30:00Z")
        #expect("\(berlin.moment(overlap, hour: 2, minute: 30))" == "2026-10-25T01:30:00Z")
        #expect("\(berlin.moment(gap))" == "2026-03-28T23:00:00Z")
    }
}
