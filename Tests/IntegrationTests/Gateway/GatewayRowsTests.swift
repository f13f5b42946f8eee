import ClusterSupport
import Foundation
import HTTPTransport
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

    /// The run itself is shown as before.
    @Test func whatIsOffloadedIsToldToWhoeverAsks() async throws {
        try await GatewayBed.run("gateway-offloaded") { bed in
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let id = try await publish(bed, client)
            let mark = Offload(archive: "/archive", at: Timestamp("2026-11-21T03:00:00Z")?.date ?? Date(), sha256: "x")
            try await client.collection("report_results", in: bed.outside.records.database).update(
                ["_id": .string(id)], with: ["$set": ["offloaded": .document(try BSONEncoder().encode(mark))]])
            let sentence = mark.sentence(id)
            #expect(
                sentence.hasSuffix(
                    "2026-11-21 they are in the archive /archive; bring them back with: \(Offload.command(id))"))
            // One that was given no archive, and answers at once.
            let courier = try CourierProcess(uri: try bed.outside.address)
            defer { courier.end() }
            try await bed.withGateway { gateway in
                let asked: [(String, String, String?)] = [
                    ("GET", "/reports/\(id)/rows", nil), ("GET", "/reports/\(id)/rows?format=csv", nil),
                    ("GET", "/reports/\(id)/files/pdf", nil),
                    ("GET", "/rows?namespace=\(bed.namespace)&pipeline=demo&since=2020-01-01T00:00:00Z", nil),
                    ("GET", "/pipelines/\(bed.namespace)/demo/latest/rows", nil),
                    ("GET", "/pipelines/\(bed.namespace)/demo/latest/files/csv", nil),
                    ("POST", "/deliveries", #"{"report": "\#(id)", "to": ["dana@example.com"]}"#),
                ]
                for (method, path, body) in asked {
                    let answer = try await bed.ask(gateway, method, path, body)
                    let problem = try JSONValue.yaml(String(decoding: answer.body, as: UTF8.self))
                    #expect(answer.status == 409, "\(method) \(path): \(problem)")
                    #expect(answer.headers["Content-Type"]?.hasPrefix("application/problem+json") == true)
                    #expect(problem["type"]?.string?.hasSuffix(":offloaded") == true, "\(path)")
                    #expect(problem["detail"]?.string == sentence, "\(path)")
                    #expect(problem["offloaded"]?["archive"]?.string == "/archive", "\(path)")
                    #expect(problem["offloaded"]?["at"]?.string == "2026-11-21T03:00:00Z", "\(path)")
                    #expect(problem["offloaded"]?["command"]?.string == Offload.command(id), "\(path)")
                }
                let report = try await bed.json(gateway, "/reports/\(id)")
                #expect(report["request"]?["phase"]?.string == "Succeeded" && report["formats"]?.array == [])
                #expect(report["result"]?["offloaded"]?["command"]?.string == Offload.command(id))
            }
            for command in [["result", id], ["report", id, "-o", "-"], ["resend", id, "--to", "dana@example.com"]] {
                let done = try await reportctl(command, bed)
                #expect(done.status != 0 && done.output.isEmpty && done.errors.contains(sentence), "\(done)")
            }
        }
    }

    @Test func whatIsOffloadedComesBackWhenItIsAskedForWhereTheCourierHasTheArchive() async throws {
        try await GatewayBed.run("gateway-archive") { bed in
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let id = try await publish(bed, client)
            let folder = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let all = Self.buckets * Self.rows
            let courier = try CourierProcess(uri: try bed.outside.address, options: ["--archive", folder.path])
            defer { courier.end() }
            try await bed.withGateway { gateway in
                for path in [
                    "/reports/\(id)/rows?limit=\(all)", "/pipelines/\(bed.namespace)/demo/latest/rows",
                    "/rows?namespace=\(bed.namespace)&pipeline=demo&since=2020-01-01T00:00:00Z",
                ] {
                    try await bed.outside.offload(id, to: folder, client)
                    let page = try await bed.json(gateway, path)
                    #expect(page["rows"]?.array?.count == all, "\(path): \(courier.log.suffix(2000))")
                }
                // Many who ask at once have it fetched once.
                try await bed.outside.offload(id, to: folder, client)
                let answers = try await withThrowingTaskGroup { group in
                    for _ in 0..<6 { group.addTask { try await bed.ask(gateway, "GET", "/reports/\(id)/files/csv") } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.allSatisfy { $0.status == 200 && $0.body == answers.first?.body })
                let fetched = courier.log.split(separator: "\n").count { $0.contains("Brought a report back") }
                #expect(fetched == 4)
                let report = try await bed.json(gateway, "/reports/\(id)")
                #expect(report["result"]?["offloaded"] == nil && report["formats"]?.array?.isEmpty == false)
            }
            try await bed.outside.offload(id, to: folder, client)
            let result = try await reportctl(["result", id, "--format", "csv"], bed)
            #expect(result.status == 0, "\(result)")
            #expect(result.output.split(whereSeparator: \.isNewline).count == all + 1)
            #expect(result.errors.contains("is in the archive \(folder.path)"))
            try await bed.outside.offload(id, to: folder, client)
            let saved = try await reportctl(["report", id, "--format", "json", "-o", "-"], bed)
            #expect(saved.status == 0 && saved.output.contains("row \(all - 1)"), "\(saved.errors)")

            // What the archive no longer has is said.
            try await bed.outside.offload(id, to: folder, client)
            try FileManager.default.removeItem(at: folder)
            let lost = try await reportctl(["result", id], bed)
            #expect(lost.status != 0 && lost.errors.contains(Offload.command(id)), "\(lost)")
        }
    }

    private func reportctl(
        _ arguments: [String], _ bed: GatewayBed
    ) async throws -> (status: Int32, output: String, errors: String) {
        let done = try await Command.result(
            ["env", "MONGODB_URI=\(try bed.outside.address)", OperatorProcess.program("reportctl").path]
                + arguments + ["-n", bed.namespace])
        return (done.status, done.output, done.errors)
    }

    private func publish(_ bed: GatewayBed, _ client: MongoClient) async throws -> String {
        let (uid, database) = (UUID().uuidString.lowercased(), bed.outside.records.database)
        let origin = RecordOrigin(namespaceUID: try await bed.cluster.uid(ofNamespace: bed.namespace))
        for state in RequestLife.states(uid: uid) {
            let state = state.referring(to: "demo").with {
                $0.metadata.namespace = bed.namespace
                $0.metadata.creationTimestamp = Timestamp(Date())
            }
            try await bed.outside.records.save(state, origin: origin)
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
