import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportController
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Two clusters with one MongoDB, and namespaces and requests of the same names: each sees its own.
@Suite(.serialized, .timeLimit(.minutes(15))) struct TwoClusterRecordTests {
    @Test func reportsOfTwoClustersAreToldApart() async throws {
        try await Outside.run([.mongodb], "clusters") { outside in
            try await OwnCluster.run("records") { own in
                try await own.applyDefinitions()
                let namespace = LiveCluster.namespaceName()
                let stores = outside.stores(redis: false)
                try await TestBed.run(namespace: namespace, clusterName: "plant-a", stores: stores) { a in
                    try await TestBed.run(
                        on: own.live, namespace: namespace, clusterName: "plant-b", stores: stores
                    ) { b in
                        try await expectApart(a, b, outside)
                    }
                }
            }
        }
    }

    private func expectApart(_ a: TestBed, _ b: TestBed, _ outside: Outside) async throws {
        var ids: [String: String] = [:]
        for (bed, name) in [(a, "plant-a"), (b, "plant-b")] {
            try await bed.createPipeline()
            try await bed.createRequest()
            let uid = try await bed.waitUntilRecorded().metadata.uid
            let cluster = try await bed.cluster.uid(ofNamespace: "kube-system")
            let origin = RecordOrigin(
                cluster: cluster, clusterName: name, namespaceUID: try await bed.cluster.uid(ofNamespace: bed.namespace)
            )
            #expect(try await outside.records.record(uid: uid)?.origin == origin)
            for text in [name, cluster] {
                var query = ReportQuery()
                (query.cluster, query.name, query.namespace) = (text, "run", bed.namespace)
                #expect(try await outside.records.find(query).records.map(\.uid) == [uid])
            }
            ids[name] = uid
            // The record is all that is left of them.
            try await bed.deleteRequest()
            try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
        }
        let (inA, inB) = (try #require(ids["plant-a"]), try #require(ids["plant-b"]))
        try await expectHistory(a, outside, [inA, inB])
        for (bed, own, other) in [(a, inA, inB), (b, inB, inA)] {
            try await expectGateway(bed, outside, own: own, other: other)
        }
    }

    /// As a person asks.
    private func expectHistory(_ a: TestBed, _ outside: Outside, _ ids: [String]) async throws {
        func history(_ arguments: String...) async throws -> Set<String> {
            let text = try await Command.run(
                [
                    "env", "MONGODB_URI=\(try outside.services.value("MONGODB_READER_URI"))",
                    OperatorProcess.program("reportctl").path, "history", "-n", a.namespace, "-o", "name",
                ] + arguments)
            return Set(text.split(separator: "\n").map(String.init))
        }
        #expect(try await history() == Set(ids))
        #expect(try await history("--cluster", "plant-a") == [ids[0]])
        #expect(try await history("--cluster", "plant-b") == [ids[1]])
        #expect(try await history("--cluster", "plant-c").isEmpty)
        #expect(try await history("run", "--cluster", "plant-a") == [ids[0]])
    }

    private func expectGateway(_ bed: TestBed, _ outside: Outside, own: String, other: String) async throws {
        let namespace = bed.namespace
        try await bed.cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: reader, namespace: \(namespace)}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: \(namespace)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
                subjects: [{kind: ServiceAccount, name: reader, namespace: \(namespace)}]
                """)
        let people = GatewayBed(
            cluster: bed.cluster, outside: outside, namespace: namespace, elsewhere: namespace,
            tokens: ["viewer": try await GatewayBed.token(of: "reader", bed.cluster, namespace)])
        try await people.withGateway { gateway in
            #expect(try await people.status(gateway, "GET", "/reports/\(own)", as: "viewer") == 200)
            #expect(try await people.status(gateway, "GET", "/reports/\(other)", as: "viewer") == 404)
            let list = try await people.json(gateway, "/requests?namespace=\(namespace)", as: "viewer")
            #expect(list["items"]?.array?.map { $0["id"]?.string } == [own], "\(list)")
            #expect(list["items"]?.array?.first?["clusterName"]?.string?.hasPrefix("plant-") == true)
        }
    }
}
