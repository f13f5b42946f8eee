import DeliveryChannels
import FoundationEssentials
import HTTPTransport
import Testing

@Suite("When a server wants to be asked again") struct RetryAfterTests {
    /// 2026-10-31 06:00:00 UTC
    private let now = Date(timeIntervalSince1970: 1_793_426_400)

    @Test(
        arguments: [
            ("120", Duration.seconds(120)), (" 0 ", .zero), ("99999999999999999999999", .seconds(86400)),
            ("86401", .seconds(86400)), ("Sat, 31 Oct 2026 06:02:00 GMT", .seconds(120)),
            ("Saturday, 31-Oct-26 06:02:00 GMT", .seconds(120)), ("Sat, 31 Oct 2026 05:00:00 GMT", .zero),
            ("Sat, 31 Oct 2099 05:00:00 GMT", .seconds(86400)), ("Sat, 31 Feb 2026 05:00:00 GMT", nil), ("", nil),
            ("-1", nil), ("1.5", nil), ("soon", nil), ("2026-10-31T06:02:00Z", nil),
            ("Sat, 31 Oct 2026 06:02:00 CET", nil),
        ] as [(String, Duration?)])
    func pauses(value: String, pause: Duration?) {
        #expect(RetryAfter.pause(in: ["retry-after": value], now: now) == pause)
    }

    @Test func aDateIsHeldAgainstTheServersClock() {
        let headers: HTTPHeaders = [
            "Date": "Sat, 31 Oct 2026 07:00:00 GMT", "Retry-After": "Sat, 31 Oct 2026 07:00:30 GMT",
        ]
        #expect(RetryAfter.pause(in: headers, now: now) == .seconds(30))
        #expect(RetryAfter.pause(in: [:], now: now) == nil)
    }
}
