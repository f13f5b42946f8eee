import ClusterSupport
import KubernetesModel
import Logging
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// Pipelines with `expect: {rows: true}`, with a real MongoDB that is away for a while.
@Suite(.serialized) struct RowExpectationTests {
    @Test func aRunThatPublishesNothingFailsAndOneThatPublishesSucceeds() async throws {
        try await Outside.run([.mongodb], "rows") { outside in
            try await TestBed.run(stores: outside.stores(redis: false)) { bed in
                try await bed.createPipeline(stages: ["one", "two"], more: "{expect: {rows: true}}")
                let request = try await bed.createRequest()
                let failed = try await bed.wait(for: "run", phase: .failed)
                #expect(failed.status?.reason == Reason.noRows)
                #expect(failed.status?.message?.contains("no rows were published") == true)
                #expect(failed.status?.stages?.map(\.phase) == [.succeeded, .succeeded])

                // It publishes in its second attempt, all of whose stages run again.
                try await publish(3, of: request.metadata.uid, attempt: 2, outside)
                try await bed.patchRequest("run", "spec: {attempt: 2}")
                let done = try await bed.wait(for: "run", phase: .succeeded)
                #expect(done.status?.attempt == 2)
                #expect(done.status?.stages?.map(\.attempt) == [2, 2])
                #expect(try await bed.jobs().count == 4)
                let recorded = try await bed.wait(for: "run", "is recorded") { $0.status?.isRecorded == true }
                #expect(recorded.status?.asOf != nil && recorded.status?.asOf == done.status?.startedAt)

                // Others aren't looked at, whatever they publish.
                try await bed.createPipeline("other")
                try await bed.createRequest("other", of: "other")
                try await bed.wait(for: "other", phase: .succeeded)

                // While MongoDB is away it waits and says why; it decides once MongoDB is back.
                try await outside.services.kill(.mongodb)
                try await bed.createRequest("during")
                let waiting = try await bed.wait(for: "during", "waits for MongoDB") {
                    $0.status?.reason == Reason.storeUnavailable
                }
                #expect(waiting.status?.phase == .running)
                #expect(waiting.status?.message?.contains("MongoDB can't be reached") == true)
                // A run of another pipeline isn't held up by it.
                try await bed.createRequest("beside", of: "other")
                try await bed.wait(for: "beside", phase: .succeeded)
                try await outside.services.start(.mongodb)
                let decided = try await bed.wait(for: "during", phase: .failed)
                #expect(decided.status?.reason == Reason.noRows)
            }
        }
    }

    private func publish(_ rows: Int, of uid: String, attempt: Int, _ outside: Outside) async throws {
        let client = MongoClient(
            try MongoURI(try outside.services.value("MONGODB_STAGES_URI")), logger: Logger(label: "test"))
        let result = ReportResult(
            uid: uid, attempt: attempt, publication: "p", buckets: 1, rows: rows,
            columns: [.init(name: "a", type: "integer")],
            publishedAt: Timestamp.start.date)
        try await client.collection("report_results", in: outside.records.database).insert(result)
    }
}
