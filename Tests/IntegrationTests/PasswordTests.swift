import ClusterSupport
import Foundation
import KubernetesModel
import Logging
import MongoClient
import PrometheusMetrics
import ReportAPI
import ReportController
import ReportStores
import ServiceSupport
import Testing

/// A password of MongoDB's that no longer holds.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PasswordTests {
    /// Connections that are open go on, so that only a new one tells.
    @Test func aChangedPasswordIsFoundThoughOldConnectionsLive() async throws {
        try await Outside.run([.mongodb], "password") { outside in
            let admin = MongoClient(
                try MongoURI(try outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let address = try outside.services.value("MONGODB_URI")
            let parts = try #require(URLComponents(string: address))
            let (user, database) = (try #require(parts.user), outside.records.database)
            let source = parts.queryItems?.first { $0.name == "authSource" }?.value ?? database
            let old = try #require(parts.password?.removingPercentEncoding)
            func set(_ password: String) async throws {
                try await admin.run(["updateUser": .string(user), "pwd": .string(password)], in: source)
            }
            let stores: @Sendable (String, Logger) throws -> OutsideStores = { _, logger in
                // With one thread, and so one connection, nothing that is busy needs another.
                var stores = OutsideStores(records: try ReportStore(address: address, threadLimit: 1, logger: logger))
                stores.signInPause = .milliseconds(200)
                return stores
            }
            try await TestBed.run(stores: stores) { bed in
                let up = #"report_operator_store_up{store="mongodb"}"#
                try await bed.createPipeline()
                try await bed.createRequest("before")
                try await bed.waitUntilRecorded("before")
                // All that a run opens is open then, and nothing of this one needs a new connection later.
                try await bed.operator.log.wait(for: "A stage's log is kept to its end")
                #expect(bed.operator.metrics.render().contains(up + " 1"))
                try await set("another")
                try await bed.operator.log.wait(for: "warning", "MongoDB refuses new connections")
                #expect(bed.operator.metrics.render().contains(up + " 0"))
                // What is open still serves.
                try await bed.createRequest("after")
                try await bed.waitUntilRecorded("after")
                #expect(bed.operator.metrics.render().contains(up + " 0"))
                try await doctorNamesTheSecretsThatWereForgotten(bed, address, outside)
                try await set(old)
                try await bed.operator.log.wait(for: "MongoDB accepts new connections again")
                #expect(bed.operator.metrics.render().contains(up + " 1"))
            }
        }
    }

    /// Those of the courier and of stages have the old password; that of the gateway is another user's.
    private func doctorNamesTheSecretsThatWereForgotten(
        _ bed: TestBed, _ old: String, _ outside: Outside
    ) async throws {
        let admin = try outside.services.value("MONGODB_ADMIN_URI")
        let secrets = [
            ("report-courier-mongodb", old), ("report-gateway-mongodb", admin), ("stages", old),
        ].map { name, uri in
            "apiVersion: v1\nkind: Secret\nmetadata: {name: \(name)}\nstringData: {uri: \"\(uri)\"}"
        }
        try await bed.cluster.apply(secrets.joined(separator: "\n---\n"), in: bed.namespace)
        try await bed.create(
            ReportPipeline.self,
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportPipeline
            metadata: {name: staged}
            spec:
              stages:
              - name: one
                image: example.org/stage:1
                env: [{name: MONGODB_URI, valueFrom: {secretKeyRef: {name: stages, key: uri}}}]
            """)
        let doctor = try await Command.result([
            "env", "MONGODB_URI=\(admin)", OperatorProcess.program("reportctl").path, "doctor", "-n", bed.namespace,
            "--operator-namespace", bed.namespace, "--courier-namespace", bed.namespace,
        ])
        func refused(_ secret: String, for owner: String) -> Bool {
            doctor.output.contains("Secret \(secret) in namespace \(bed.namespace) has for \(owner)\n")
        }
        #expect(refused("report-courier-mongodb", for: "the courier"), "\(doctor)")
        #expect(refused("stages", for: "stages of pipeline staged"), "\(doctor)")
        #expect(!refused("report-gateway-mongodb", for: "the gateway"), "\(doctor)")
        #expect(!doctor.output.contains(old))
    }
}
