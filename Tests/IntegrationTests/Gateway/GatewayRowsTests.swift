import ClusterSupport
import Foundation
import KubernetesModel
import Logging
import LoopbackSupport
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// Rows of a long report, page by page.
@Suite(.timeLimit(.minutes(10))) struct GatewayRowsTests {
    private static let (buckets, rows, limit) = (40, 25, 60)

    @Test func everyPageCostsWhatTheFirstOneCosts() async throws {
        try await GatewayBed.run("gateway-rows") { bed in
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let database = bed.outside.records.database
            let id = try await publish(bed, client)
            try await bed.withGateway { gateway in
                // MongoDB writes down what each query looks at.
                _ = try await client.run(["profile": 2], in: database)
                let profile = client.collection("system.profile", in: database)
                func documentsRead() async throws -> Int64 {
                    try await profile.find(["ns": .string("\(database).report_rows"), "op": "query"]).all()
                        .reduce(0) { $0 + ($1["docsExamined"]?.integer ?? 0) }
                }
                var (numbers, costs, next): ([String], [Int64], String?) = ([], [], nil)
                repeat {
                    let before = try await documentsRead()
                    let cursor = next.map { "&cursor=\($0)" } ?? ""
                    let page = try await bed.json(
                        gateway, "/reports/\(id)/rows?limit=\(Self.limit)\(cursor)", as: "viewer")
                    numbers += (page["rows"]?.array ?? []).compactMap { $0.array?.first?.string }
                    costs.append(try await documentsRead() - before)
                    next = page["next"]?.string
                } while next != nil && costs.count < 100
                print("documents read by page: \(costs)")
                #expect(numbers == (0..<Self.buckets * Self.rows).map { "row \($0)" })
                #expect(costs.count == (Self.buckets * Self.rows + Self.limit - 1) / Self.limit)
                // 60 rows of 25 a document are in three or four of them.
                #expect(costs.allSatisfy { (1...4).contains($0) }, "\(costs)")
            }
        }
    }

    private func publish(_ bed: GatewayBed, _ client: MongoClient) async throws -> String {
        let (uid, database) = (UUID().uuidString.lowercased(), bed.outside.records.database)
        for var state in RequestLife.states(uid: uid) {
            state.metadata.namespace = bed.namespace
            try await bed.outside.records.save(state)
        }
        let result = ReportResult(
            uid: uid, attempt: 2, publication: "p", buckets: Self.buckets, rows: Self.buckets * Self.rows,
            columns: [.init(name: "number", type: "string")], publishedAt: Timestamp.start.date)
        for bucket in 0..<Self.buckets {
            let rows = (0..<Self.rows).map { BSONValue.array([.string("row \(bucket * Self.rows + $0)")]) }
            try await client.collection("report_rows", in: database).insert([
                "_id": .string(result.bucketID(bucket)), "reportID": .string(uid), "attempt": 2,
                "n": .int32(Int32(bucket)), "rows": .array(rows),
            ])
        }
        try await client.collection("report_results", in: database).insert(result)
        return uid
    }
}
