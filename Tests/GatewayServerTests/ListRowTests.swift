import Foundation
import GatewayAPI
import Testing

@testable import GatewayServer

/// Live and past requests are one list, in which each stands once.
struct ListRowTests {
    @Test func whatIsLiveIsNotPastToo() {
        let found = [Self.record("a", 3), Self.record("b", 2), Self.record("c", 1)]
        #expect(ListRow.past(found, but: ["b"]).map(\.uid) == ["a", "c"])
    }

    @Test func theNewestComesFirstAndTheOrderIsOne() {
        let rows = ListRow.past(
            [Self.record("b", 2), Self.record("a", 2), Self.record("c", 3), Self.record("d", 1)], but: [])
        let (page, next) = ListRow.page(of: rows, limit: 4)
        #expect(page.map(\.uid) == ["c", "b", "a", "d"])
        #expect(next == nil)
    }

    /// From page to page, while the first ones are deleted and new ones come.
    @Test func aCursorLeavesNothingOut() throws {
        let rows = ListRow.past((1...10).map { Self.record("r\($0)", Double($0 / 2)) }, but: [])
        var seen: [String] = []
        var mark: TimeCursor?
        repeat {
            let changed = rows.filter { !seen.contains($0.uid) } + ListRow.past([Self.record("new", 99)], but: [])
            let (page, next) = ListRow.page(of: changed.filter { row in mark.map(row.isAfter) ?? true }, limit: 3)
            seen += page.map(\.uid).filter { $0 != "new" }
            mark = next
        } while mark != nil
        #expect(seen == rows.sorted { $0 > $1 }.map(\.uid))
    }

    private static func record(_ uid: String, _ seconds: Double) -> RecordDesk.RecordRow {
        RecordDesk.RecordRow(uid: uid, createdAt: Date(timeIntervalSince1970: seconds), bytes: [])
    }
}
