import KubernetesModel
import TestSupport
import Testing

@testable import ReportClient

struct LogPositionTests {
    /// As a kubelet answers: all lines of that second and later ones, in the order in which they were written.
    private static func lines(_ log: [String], since second: Timestamp?) -> [String] {
        log.filter { line in
            guard let second, let at = Timestamp(String(line.prefix { $0 != " " })) else { return true }
            return at >= second
        }
    }

    /// Several lines of one moment, moments out of order, a zone, blank text.
    private static let log = [
        "2026-11-21T12:00:00.1Z a", "2026-11-21T12:00:00.1Z a", "2026-11-21T12:00:01.000000001Z b",
        "2026-11-21T12:00:00.9Z late", "2026-11-21T12:00:01.5Z c", "2026-11-21T12:00:01.4Z d",
        "2026-11-21T12:00:01.5Z c", "2026-11-21T12:00:01.5Z e", "2026-11-21T14:00:03+02:00 f", "2026-11-21T12:00:03Z ",
        "2026-11-21T12:00:04Z", "2026-11-21T12:00:09.5Z g h",
    ]

    private static let texts = ["a", "a", "b", "late", "c", "d", "c", "e", "f", "", "", "g h"]

    @Test func everyLineComesOnceWhereverTheConnectionBreaks() {
        for first in 0...Self.log.count {
            for second in 0...Self.log.count {
                var position = LogPosition()
                var seen: [Substring] = []
                for cut in [first, second, Int.max] {
                    position.resume()
                    seen += Self.lines(Self.log, since: position.second).prefix(cut).compactMap { position.accept($0) }
                }
                #expect(seen.map(String.init) == Self.texts, "cut after \(first) and \(second) lines")
            }
        }
    }

    @Test func aBrokenConnectionThatBringsNothingLosesNothing() {
        var position = LogPosition()
        #expect(position.accept("2026-11-21T12:00:00.1Z a") == "a")
        for _ in 0..<3 { position.resume() }
        #expect(position.accept("2026-11-21T12:00:00.1Z a") == nil)
        #expect(position.accept("2026-11-21T12:00:00.1Z a") == "a")
    }

    @Test func aLineWithoutAMomentIsShownAsItIs() {
        var position = LogPosition()
        #expect(position.accept("unable to retrieve container logs") == "unable to retrieve container logs")
        #expect(position.second == nil)
    }
}
