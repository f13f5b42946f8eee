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

/// `reportctl` of people who may not read the operator's Secret: the gateway shows them the record.
@Suite(.timeLimit(.minutes(10))) struct GatewayCommandTests {
    @Test func theRecordIsReadThroughTheGatewayByWhoMayOnly() async throws {
        try await GatewayBed.run("gateway-command") { bed in
            let id = try await publish(bed)
            try await bed.withGateway { gateway in
                let address = "http://127.0.0.1:\(gateway.port)"
                let viewer = try await kubeconfig(of: "viewer", bed)
                func reportctl(_ arguments: String..., kubeconfig: String) async throws -> (
                    status: Int32, output: String, errors: String
                ) {
                    try await Command.result(
                        [
                            "env", "-u", "MONGODB_URI", "REPORT_GATEWAY=\(address)",
                            OperatorProcess.program("reportctl").path,
                        ]
                            + arguments + ["-n", bed.namespace, "--kubeconfig", kubeconfig])
                }
                let list = try await reportctl("history", "--param", "period=2026-10", "-o", "name", kubeconfig: viewer)
                #expect(list.output.split(separator: "\n").contains(Substring(id)), "\(list)")
                let none = try await reportctl("history", "--param", "period=2026-11", "-o", "name", kubeconfig: viewer)
                #expect(none.status == 0 && none.output.isEmpty, "\(none)")
                let one = try await reportctl("history", id, kubeconfig: viewer)
                #expect(one.status == 0 && one.output.contains("Succeeded"), "\(one)")
                let rows = try await reportctl("result", id, "--format", "csv", kubeconfig: viewer)
                #expect(rows.output == "account,amount\nRent,1200.50\nTea,0.10\n", "\(rows)")
                let json = try await reportctl("result", id, "--format", "json", kubeconfig: viewer)
                #expect(json.output.contains(#""amount":"0.10""#), "\(json)")
                #expect(!rows.errors.contains("Warning"), "\(rows)")
                let odd = try await publish(bed, tea: .string("much"))
                let warned = try await reportctl("result", odd, "--format", "csv", kubeconfig: viewer)
                #expect(warned.status == 0 && warned.output.contains("Tea,much"), "\(warned)")
                #expect(warned.errors.contains(/Warning: .*amount.*much/), "\(warned)")

                let courier = try CourierProcess(uri: try bed.outside.address)
                defer { courier.end() }
                let file = try await reportctl("report", id, "--format", "csv", "-o", "-", kubeconfig: viewer)
                #expect(file.status == 0 && file.output.contains("Rent"), "\(file)")
                #expect(file.output.split(whereSeparator: \.isNewline).count == 3, "\(file)")
                let unseen = try await reportctl(
                    "report", id, "-o", "-", kubeconfig: try await kubeconfig(of: "stranger", bed))
                #expect(unseen.status == 4 && unseen.output.isEmpty, "\(unseen)")

                let stranger = try await kubeconfig(of: "stranger", bed)
                let hidden = try await reportctl("result", id, kubeconfig: stranger)
                #expect(hidden.status == 4 && hidden.errors.contains("the record has no report"), "\(hidden)")
                let nobody = try await reportctl("history", kubeconfig: try await kubeconfig(of: "nobody", bed))
                #expect(nobody.status == 4 && nobody.errors.contains("doesn't know you"), "\(nobody)")
            }
            // Those who know MongoDB's address read the same there.
            for (period, isFound) in [("2026-10", true), ("2026-11", false)] {
                let found = try await Command.result([
                    "env", "-u", "REPORT_GATEWAY",
                    "MONGODB_URI=\(try bed.outside.services.value("MONGODB_READER_URI"))",
                    OperatorProcess.program("reportctl").path, "history", "--param", "period=\(period)", "-o", "name",
                    "-n", bed.namespace, "--kubeconfig", try await kubeconfig(of: "viewer", bed),
                ])
                let ids = found.output.split(separator: "\n")
                #expect(found.status == 0 && ids.contains(Substring(id)) == isFound, "\(found)")
            }
            try await bed.withGateway { gateway in
                let named = try await Command.result([
                    "env", "-u", "MONGODB_URI", "-u", "REPORT_GATEWAY", OperatorProcess.program("reportctl").path,
                    "history", id, "--gateway", "http://127.0.0.1:\(gateway.port)", "-n", bed.namespace,
                    "--kubeconfig", try await kubeconfig(of: "viewer", bed),
                ])
                #expect(named.status == 0 && named.output.contains("Succeeded"), "\(named)")
            }
            // Where neither can be asked, it says what to do.
            let neither = try await Command.result([
                "env", "-u", "MONGODB_URI", "-u", "REPORT_GATEWAY", OperatorProcess.program("reportctl").path,
                "history",
                "-n", bed.namespace, "--kubeconfig", try await kubeconfig(of: "viewer", bed),
            ])
            #expect(neither.status == 4 && neither.errors.contains("--gateway URL"), "\(neither)")
        }
    }

    /// Of somebody with that token, and nothing else.
    private func kubeconfig(of who: String, _ bed: GatewayBed) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "kubeconfig-\(who)-\(UUID().uuidString)")
        let view = try await bed.cluster.kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json")
        let known = try JSONDecoder().decode(JSONValue.self, from: Data(view.utf8))
        let cluster = try #require(known["clusters"]?.array?.first?["cluster"])
        let config: JSONValue = .object([
            "apiVersion": .string("v1"), "kind": .string("Config"), "current-context": .string("c"),
            "clusters": .array([.object(["name": .string("c"), "cluster": cluster])]),
            "users": .array([
                .object(["name": .string("u"), "user": .object(["token": .string(bed.tokens[who] ?? "none")])])
            ]),
            "contexts": .array([
                .object(["name": .string("c"), "context": .object(["cluster": .string("c"), "user": .string("u")])])
            ]),
        ])
        try JSONEncoder().encode(config).write(to: file)
        return file.path
    }

    /// `tea`: what stands in the second row's column of decimals; usually 0.10.
    private func publish(_ bed: GatewayBed, tea: BSONValue? = nil) async throws -> String {
        let client = MongoClient(
            try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
        let (uid, database) = (UUID().uuidString.lowercased(), bed.outside.records.database)
        for var state in RequestLife.states(uid: uid) {
            state.metadata.namespace = bed.namespace
            try await bed.outside.records.save(state)
        }
        let result = ReportResult(
            uid: uid, attempt: 2, publication: "p", buckets: 1, rows: 2,
            columns: [.init(name: "account", type: "string"), .init(name: "amount", type: "decimal")],
            publishedAt: Timestamp.start.date)
        let rows: BSONValue = .array([
            .array([.string("Rent"), .decimal128(try #require(BSONDecimal128("1200.50")))]),
            .array([.string("Tea"), try tea ?? .decimal128(try #require(BSONDecimal128("0.10")))]),
        ])
        try await client.collection("report_rows", in: database).insert([
            "_id": .string(result.bucketID(0)), "reportID": .string(uid), "attempt": 2, "n": .int32(0), "rows": rows,
        ])
        try await client.collection("report_results", in: database).insert(result)
        return uid
    }
}
