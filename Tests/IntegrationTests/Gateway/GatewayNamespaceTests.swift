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

/// A namespace's name isn't a tenant for ever: its reports are shown to those who may read in it while it is there, and to nobody
/// who has that name after it.
@Suite(.timeLimit(.minutes(10))) struct GatewayNamespaceTests {
    @Test func whoHasTheNameNowSeesNothingOfTheNamespaceBefore() async throws {
        try await GatewayBed.run("gateway-anew") { bed in
            let team = LiveCluster.namespaceName()
            try await bed.cluster.kubectl("create", "namespace", team)
            let before = try await Self.letIn(bed, team)
            let first = try await bed.cluster.uid(ofNamespace: team)
            let told = try await Self.record("told", in: team, bed, origin: .init(namespaceUID: first))
            // As releases before this one have recorded it.
            let untold = try await Self.record("untold", in: team, bed, origin: .unknown)
            try await before.withGateway { gateway in
                for who in ["reader", "auditor"] {
                    for id in [told, untold] { try await Self.expect(200, id, team, gateway, before, as: who) }
                    try await Self.expectListed(["told", "untold"], team, gateway, before, as: who)
                    try await Self.expectNewest("told", team, gateway, before, as: who)
                }

                try await bed.cluster.remake(namespace: team)
                let after = try await Self.letIn(bed, team)
                // What the one before was allowed, or not any more, is remembered for a while.
                let series = "/rows?namespace=\(team)&pipeline=demo&since=2026-01-01T00:00:00Z"
                try await eventually("the new reader may read", every: .milliseconds(100)) {
                    try await after.status(gateway, "GET", series, as: "reader") == 200
                }
                for id in [told, untold] {
                    try await Self.expect(404, id, team, gateway, after, as: "reader")
                    // Who may see the reports of all namespaces sees those of namespaces that are gone.
                    try await Self.expect(200, id, team, gateway, after, as: "auditor")
                }
                try await Self.expectListed([], team, gateway, after, as: "reader")
                try await Self.expectListed([], nil, gateway, after, as: "reader")
                try await Self.expectListed(["told", "untold"], team, gateway, after, as: "auditor")
                try await Self.expectNewest(nil, team, gateway, after, as: "reader")
                try await Self.expectNewest("told", team, gateway, after, as: "auditor")
                try await Self.expectNothingIsSent(told, gateway, after)

                // What it makes itself is its own, and comes first for everybody.
                let second = try await bed.cluster.uid(ofNamespace: team)
                #expect(second != first)
                let own = try await Self.record("own", in: team, bed, origin: .init(namespaceUID: second))
                try await Self.expect(200, own, team, gateway, after, as: "reader")
                try await Self.expectListed(["own"], team, gateway, after, as: "reader")
                try await Self.expectNewest("own", team, gateway, after, as: "reader")
                try await Self.expectNewest("own", team, gateway, after, as: "auditor")

                // One for that namespace alone has no list of namespaces, and nobody who sees others.
                try await bed.withGateway("--namespace", team) { single in
                    try await Self.expect(404, told, team, single, after, as: "reader")
                    try await Self.expect(404, told, team, single, after, as: "auditor")
                    try await Self.expect(200, own, team, single, after, as: "reader")
                    try await Self.expectListed(["own"], team, single, after, as: "auditor")
                }

                try await bed.cluster.kubectl("delete", "namespace", team, "--timeout=180s")
                try await Self.expect(200, own, team, gateway, after, as: "auditor")
            }
            try await bed.cluster.kubectl("delete", "clusterrolebinding", team)
        }
    }

    // MARK: People

    /// Somebody with rights in the team's namespace, recreated with it, and an auditor with rights in all namespaces.
    private static func letIn(_ bed: GatewayBed, _ team: String) async throws -> GatewayBed {
        try await bed.cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: reader, namespace: \(team)}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: \(team)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit-\(bed.namespace)}
                subjects: [{kind: ServiceAccount, name: reader, namespace: \(team)}]
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: auditor, namespace: \(bed.namespace)}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: \(team)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit-\(bed.namespace)}
                subjects: [{kind: ServiceAccount, name: auditor, namespace: \(bed.namespace)}]
                """)
        var bed = bed
        bed.tokens["reader"] = try await GatewayBed.token(of: "reader", bed.cluster, team)
        bed.tokens["auditor"] = try await GatewayBed.token(of: "auditor", bed.cluster, bed.namespace)
        return bed
    }

    // MARK: Reports

    /// One of the pipeline `demo` that succeeded a moment ago, with rows. Returns its id.
    private static func record(
        _ name: String, in team: String, _ bed: GatewayBed, origin: RecordOrigin
    ) async throws -> String {
        let uid = UUID().uuidString.lowercased()
        for state in RequestLife.states(uid: uid) {
            let state = state.referring(to: "demo").with {
                $0.metadata.namespace = team
                $0.metadata.name = name
                $0.metadata.creationTimestamp = Timestamp(Date())
            }
            try await bed.outside.records.save(state, origin: origin)
        }
        let client = MongoClient(
            try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
        let result = ReportResult(
            uid: uid, attempt: 2, publication: "p", buckets: 1, rows: 1,
            columns: [ReportResult.Column(name: "name", type: "string")], publishedAt: Date())
        try await client.collection("report_rows", in: bed.outside.records.database).insert([
            "_id": .string(result.bucketID(0)), "reportID": .string(uid), "attempt": .int32(2), "n": 0,
            "rows": [[.string(name)]],
        ])
        try await client.collection("report_results", in: bed.outside.records.database).insert(result)
        return uid
    }

    // MARK: What is seen

    /// What isn't there and what may not be seen give the same answer.
    private static func expect(
        _ status: Int, _ id: String, _ team: String, _ gateway: GatewayProcess, _ bed: GatewayBed, as who: String
    ) async throws {
        for path in ["", "/rows", "/events"] {
            let answer = try await bed.ask(gateway, "GET", "/reports/\(id)\(path)", as: who)
            #expect(answer.status == status, "\(who): \(path) \(String(decoding: answer.body, as: UTF8.self))")
        }
        guard status == 404 else { return }
        let nothing = UUID().uuidString.lowercased()
        for path in ["", "/rows", "/events", "/files/csv", "/files/pdf", "/logs/extract"] {
            let refused = try await bed.ask(gateway, "GET", "/reports/\(id)\(path)", as: who)
            let unknown = try await bed.ask(gateway, "GET", "/reports/\(nothing)\(path)", as: who)
            #expect(refused.status == 404 && refused.body == unknown.body, "\(who): \(path)")
        }
        for path in ["/deliveries?report=\(id)", "/deliveries?report=\(id)&namespace=\(team)"] {
            #expect(try await bed.status(gateway, "GET", path, as: who) == 404)
        }
    }

    /// What is past; `team` nil: in all namespaces. A page of the list is remembered for a second.
    private static func expectListed(
        _ names: Set<String>, _ team: String?, _ gateway: GatewayProcess, _ bed: GatewayBed, as who: String
    ) async throws {
        let query = team.map { "?namespace=\($0)&live=false" } ?? "?live=false"
        try await eventually("\(who) sees \(names)", every: .milliseconds(100)) {
            let list = try await bed.json(gateway, "/requests\(query)", as: who)
            return Set((list["items"]?.array ?? []).compactMap { $0["name"]?.string }) == names
        }
    }

    /// `latest` and the series of a pipeline; nil: there is nothing.
    private static func expectNewest(
        _ name: String?, _ team: String, _ gateway: GatewayProcess, _ bed: GatewayBed, as who: String
    ) async throws {
        let latest = try await bed.ask(gateway, "GET", "/pipelines/\(team)/demo/latest/rows?format=csv", as: who)
        let since = "namespace=\(team)&pipeline=demo&since=2026-01-01T00:00:00Z&format=csv"
        let series = try await bed.ask(gateway, "GET", "/rows?\(since)", as: who)
        let text = String(decoding: series.body, as: UTF8.self)
        guard let name else {
            #expect(latest.status == 404)
            #expect(series.status == 200 && !text.contains("told"), "\(text)")
            return
        }
        let newest = String(decoding: latest.body, as: UTF8.self)
        // Of two of the same second the id decides.
        #expect(latest.status == 200 && newest.contains(name == "own" ? "own" : "told"), "\(newest)")
        #expect(series.status == 200 && text.contains(name), "\(text)")
        if name == "own" { #expect(!text.contains("told"), "\(text)") }
    }

    private static func expectNothingIsSent(_ id: String, _ gateway: GatewayProcess, _ bed: GatewayBed) async throws {
        let body = #"{"report": "\#(id)", "channel": "files"}"#
        #expect(try await bed.status(gateway, "POST", "/deliveries", as: "reader", body) == 404)
        let refused = try await bed.ask(gateway, "POST", "/deliveries", as: "auditor", body)
        #expect(refused.status == 409)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("isn't there any more"))
    }
}
