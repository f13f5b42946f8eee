import BSON
import ReportArchive
import Testing

@Suite struct ArchiveOrderTests {
    private func record(_ progress: Int64, _ version: String) -> BSONDocument {
        ["progress": .int64(progress), "versionOrder": .string(version)]
    }

    @Test func newerRecordIsNeverTurnedBack() {
        #expect(ArchiveOrder.isNewer(record(2, "1"), than: record(1, "9"), .record))
        #expect(!ArchiveOrder.isNewer(record(1, "9"), than: record(2, "1"), .record))
        #expect(ArchiveOrder.isNewer(record(1, "12"), than: record(1, "11"), .record))
        #expect(!ArchiveOrder.isNewer(record(1, "11"), than: record(1, "11"), .record))
    }

    private func copy(_ epoch: Int64, _ phase: String) -> BSONDocument {
        ["epoch": .int64(epoch), "phase": .string(phase)]
    }

    @Test(arguments: ["Sent", "Failed", "Unknown", "Cancelled"]) func whatWasSentIsNeverTakenForUnsent(phase: String) {
        for other in ["Pending", "Sending"] {
            for epoch: Int64 in [1, 2, 3] {
                #expect(!ArchiveOrder.isNewer(copy(epoch, other), than: copy(2, phase), .delivery))
            }
            #expect(ArchiveOrder.isNewer(copy(2, phase), than: copy(2, other), .delivery))
            #expect(!ArchiveOrder.isNewer(copy(1, phase), than: copy(2, other), .delivery))
        }
        #expect(!ArchiveOrder.isNewer(copy(2, phase), than: copy(2, phase), .delivery))
    }

    @Test func whatWasOffloadedStaysSo() {
        let present: BSONDocument = ["attempt": 1, "offloaded": .date(milliseconds: 1)]
        #expect(!ArchiveOrder.isNewer(["attempt": 2], than: present, .result))
        #expect(ArchiveOrder.isNewer(["attempt": 2], than: ["attempt": 1], .result))
    }
}
