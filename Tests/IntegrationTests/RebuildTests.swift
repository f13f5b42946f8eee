import ClusterSupport
import KubernetesClient
import KubernetesModel
import Logging
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// The collection `reports` is made again from `report_events` alone, after real runs.
struct RebuildTests {
    @Test func reportsAreMadeAgainFromTheirEvents() async throws {
        try await Outside.run([.mongodb], "rebuild") { outside in
            try await TestBed.run(
                fate: { pod in
                    switch pod.stage {
                    case "bad": .fails(exitCode: 7, message: "no such period")
                    case "once" where pod.metadata.labels[ReportsAPI.Label.attempt] == "1":
                        .fails(exitCode: 1, message: "the ERP is away")
                    case "endless": .runs
                    default: .succeeds
                    }
                }, stores: outside.stores(redis: false)
            ) { bed in
                let asked =
                    "{requester: {name: Dana, email: dana@example.com}, output: {formats: [pdf, csv]}, priority: 3"
                try await bed.createPipeline(
                    "good", stages: ["one", "two"], more: "{parameters: [{name: period, type: month}]}")
                try await bed.createPipeline("failing", stages: ["one", "bad", "after", "last"])
                try await bed.createPipeline("flaky", stages: ["one", "once", "two"])
                try await bed.createPipeline("endless", stages: ["one", "endless", "two"])
                try await bed.createRequest("good", of: "good", more: asked + ", parameters: {period: 2026-10}}")
                try await bed.createRequest("failing", of: "failing", more: asked + "}")
                try await bed.createRequest("flaky", of: "flaky")
                try await bed.createRequest("invalid", of: "good", more: "{parameters: {nobody: knows}}")
                try await bed.createRequest("queued-1", of: "endless")
                try await bed.wait(for: "queued-1", "its second stage runs") {
                    $0.stagePhases == [.succeeded, .running, .pending]
                }
                // One that waits and never begins, with another priority at its end.
                try await bed.createRequest("queued-2", of: "endless")
                try await bed.wait(for: "queued-2", phase: .queued)
                try await bed.patchRequest("queued-2", "spec: {priority: 9, cancel: true}")
                try await bed.wait(for: "flaky", phase: .failed)

                // Another operator goes on.
                await bed.operator.stop()
                try await bed.patchRequest("flaky", "spec: {attempt: 2}")
                try await bed.patchRequest("queued-1", "spec: {cancel: true}")
                try await bed.withOperator(bed.cluster.configuration) { _ in
                    for name in ["good", "failing", "flaky", "invalid", "queued-1", "queued-2"] {
                        try await bed.wait(for: name, "is recorded") {
                            $0.isRecordedForGood && (name != "flaky" || $0.status?.attempt == 2)
                        }
                    }
                    try await bed.createRequest("deleted", of: "endless")
                    try await bed.wait(for: "deleted", "its second stage runs") {
                        $0.stagePhases == [.succeeded, .running, .pending]
                    }
                    for name in ["deleted", "good"] {
                        try await bed.deleteRequest(name)
                        try await bed.cluster.wait(for: ReportRequest.self, name, in: bed.namespace, "is gone") {
                            $0 == nil
                        }
                    }
                }

                let reports = try await outside.documents("reports")
                #expect(
                    Set(reports.compactMap { $0["name"]?.string }) == [
                        "good", "failing", "flaky", "invalid", "queued-1", "queued-2", "deleted",
                    ])
                for document in reports {
                    let id = try #require(document["_id"]?.string)
                    let events = try await outside.records.events(of: id)
                    let rebuilt = try #require(ReportRecord(events: events))
                    let (made, kept) = (try BSONEncoder().encode(rebuilt).inOrder, document.inOrder)
                    let other = kept.map(\.key).filter { made[$0] != kept[$0] }
                    #expect(
                        made == kept,
                        """
                        \(document["name"]?.string ?? ""): \(other.map { "\($0): \(String(describing: made[$0])), kept as \(String(describing: kept[$0]))" })
                        """)
                }
                let flaky = try #require(reports.first { $0["name"]?.string == "flaky" })
                #expect(flaky["attempt"] == .int32(2) || flaky["attempt"] == .int64(2))
                #expect(flaky["previousAttempts"] != nil)
            }
        }
    }
}

extension Outside {
    fileprivate func documents(_ collection: String) async throws -> [BSONDocument] {
        let uri = try MongoURI(try services.value("MONGODB_ADMIN_URI"))
        return try await MongoClient(uri, logger: Logger(label: "test")).collection(collection, in: records.database)
            .find([:], as: BSONDocument.self).all()
    }
}

extension BSONDocument {
    /// The members by their names: MongoDB adds those of an update in an order of its own.
    fileprivate var inOrder: BSONDocument {
        BSONDocument(map { ($0.key, $0.value.inOrder) }.sorted { $0.0 < $1.0 })
    }
}

extension BSONValue {
    fileprivate var inOrder: BSONValue {
        switch self {
        case .document(let document): .document(document.inOrder)
        case .array(let values): .array(values.map(\.inOrder))
        default: self
        }
    }
}
