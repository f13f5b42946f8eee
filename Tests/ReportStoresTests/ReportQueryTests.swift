import Foundation
import ReportAPI
import ReportStores
import Testing

struct ReportQueryTests {
    private func bytes(after mark: ReportPage.Mark? = nil, _ change: (inout ReportQuery) -> Void) -> [UInt8] {
        var query = ReportQuery()
        change(&query)
        return query.bytes(after: mark)
    }

    @Test func anotherQuestionHasOtherBytes() {
        let moment = Date(timeIntervalSince1970: 1_800_000_000)
        let all: [[UInt8]] = [
            bytes { _ in }, bytes { $0.requesterName = "\u{212A}ate" }, bytes { $0.requesterName = "Kate" },
            bytes { $0.requesterEmail = "Kate" }, bytes { $0.requester = "Kate" }, bytes { $0.namespaces = [] },
            bytes { $0.namespaces = ["a"] }, bytes { $0.namespaces = ["a", "b"] }, bytes { $0.namespace = "a" },
            bytes { $0.parameters = ["a": "Domäne"] }, bytes { $0.parameters = ["a": "Doma\u{308}ne"] },
            bytes { $0.phases = [.failed] }, bytes { $0.phases = [.failed, .succeeded] }, bytes { $0.schedule = "a" },
            bytes { $0.pipeline = "a" }, bytes { $0.name = "a" }, bytes { $0.createdFrom = moment },
            bytes { $0.createdBefore = moment }, bytes(after: .init(createdAt: moment, uid: "a")) { _ in },
            bytes(after: .init(createdAt: moment, uid: "b")) { _ in },
        ]
        #expect(Set(all).count == all.count)
        #expect(bytes { $0.namespaces = ["b", "a"] } == bytes { $0.namespaces = ["a", "b"] })
    }
}
