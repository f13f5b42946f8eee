import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportLayout
import TestSupport
import Testing

@testable import CourierController
@testable import ReportRecords

struct FileNameTests {
    private static let record = {
        var record = ReportRecord(RequestLife.states(uid: "uid")[5])
        record.attempt = 2
        record.startedAt = Timestamp("2026-11-01T05:00:00Z")?.date
        record.previousAttempts = [
            .init(attempt: 1, phase: .failed, startedAt: Timestamp("2026-11-01T04:00:00Z")?.date)
        ]
        return record
    }()
    private static let result = ReportResult(
        uid: "uid", attempt: 2, publication: "p", buckets: 1, rows: 2, columns: [.init(name: "a", type: "string")],
        publishedAt: Date(timeIntervalSince1970: 1_792_540_800))

    @Test func sameInputHasTheSameNameAndAnyOtherAnother() throws {
        let job = RenderJob(.pdf, Self.record, Self.result)
        #expect(try job.fileName() == RenderJob(.pdf, Self.record, Self.result).fileName())
        #expect(try job.fileName().hasPrefix("uid/2/p/pdf/"))
        var others = [RenderJob(.xlsx, Self.record, Self.result), job, job, job]
        others[1].layout = LayoutSpec(title: "Other")
        others[2].timeZone = "Europe/Berlin"
        others[3].identity.parameters["period"] = .string("2026-11")
        #expect(Set(try ([job] + others).map { try $0.fileName() }).count == 5)
    }

    @Test func sourceWasReadWhenTheStageSaysSoElseWhenTheAttemptBegan() {
        #expect(RenderJob(.pdf, Self.record, Self.result).identity.asOf == Timestamp("2026-11-01T05:00:00Z"))
        var result = Self.result
        result.attempt = 1
        #expect(RenderJob(.pdf, Self.record, result).identity.asOf == Timestamp("2026-11-01T04:00:00Z"))
        result.asOf = Timestamp("2026-10-31T23:00:00Z")?.date
        #expect(RenderJob(.pdf, Self.record, result).identity.asOf == Timestamp("2026-10-31T23:00:00Z"))
    }
}
