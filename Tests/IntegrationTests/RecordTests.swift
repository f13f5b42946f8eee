import ClusterSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import MongoClient
import PrometheusMetrics
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// The record of an operator with MongoDB and Redis, with servers that fail.
@Suite(.serialized) struct RecordTests {
    @Test func aRunIsRecordedAndToldAndItsRecordOutlivesIt() async throws {
        try await Outside.run([.mongodb, .redis], "record") { outside in
            try await TestBed.run(
                fate: { $0.stage == "bad" ? .fails(exitCode: 7, message: "no such period") : .succeeds },
                clusterName: "plant-2", stores: outside.stores()
            ) { bed in
                try await bed.createPipeline(stages: ["one", "two"])
                try await bed.createRequest(more: "{requester: {name: Dana}, parameters: {}}")
                let done = try await bed.waitUntilRecorded()
                #expect(done.metadata.finalizers == [ReportsAPI.Finalizer.record])
                let uid = done.metadata.uid
                let record = try #require(try await outside.records.record(uid: uid))
                #expect(record.phase == .succeeded)
                #expect(record.requester?.name == "Dana")
                #expect(record.deletedAt == nil)
                let origin = RecordOrigin(
                    cluster: try await bed.cluster.uid(ofNamespace: "kube-system"), clusterName: "plant-2",
                    namespaceUID: try await bed.cluster.uid(ofNamespace: bed.namespace))
                #expect(record.origin == origin)
                #expect(try await outside.records.events(of: uid).allSatisfy { $0.origin == origin })
                let kept = try await outside.records.events(of: uid).map { "\($0.stage ?? "-") \($0.phase)" }
                #expect(
                    kept == [
                        "- Running", "one Running", "one Succeeded", "two Running", "two Succeeded", "- Succeeded",
                    ])
                try await eventually("the events are in the stream") {
                    try await outside.events() == ["run/1/Running", "run/1/Succeeded"]
                }
                for event in try await outside.payloads() {
                    #expect(event["cluster"]?.string == origin.cluster)
                    #expect(event["clusterName"]?.string == "plant-2")
                    #expect(event["namespaceUID"]?.string == origin.namespaceUID)
                }

                try await bed.deleteRequest()
                try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
                let after = try #require(try await outside.records.record(uid: uid))
                #expect(after.phase == .succeeded)
                #expect(after.deletedAt != nil)

                // A failure, an attempt more, and a deletion in the middle of it.
                try await bed.createPipeline("failing", stages: ["bad"])
                let failing = try await bed.createRequest("fails", of: "failing")
                try await bed.waitUntilRecorded("fails")
                try await bed.patchRequest("fails", "spec: {attempt: 2}")
                try await bed.wait(for: "fails", "failed twice") {
                    $0.status?.attempt == 2 && $0.status?.phase == .failed
                }
                try await bed.waitUntilRecorded("fails")
                let told = try await outside.records.events(of: failing.metadata.uid).map {
                    "\($0.attempt) \($0.stage ?? "-") \($0.phase)"
                }
                #expect(
                    told == [
                        "1 - Running", "1 bad Running", "1 bad Failed", "1 - Failed", "2 - Running", "2 bad Running",
                        "2 bad Failed", "2 - Failed",
                    ])
            }
        }
    }

    @Test func aRunGoesOnWithoutMongoDBAndIsRecordedOnceItIsBack() async throws {
        try await Outside.run([.mongodb, .redis], "outage") { outside in
            try await TestBed.run(stores: outside.stores()) { bed in
                try await bed.createPipeline(stages: ["one", "two", "three"])
                try await bed.createRequest("before")
                try await bed.waitUntilRecorded("before")

                try await outside.services.kill(.mongodb)
                for number in 1...5 { try await bed.createRequest("during-\(number)") }
                for number in 1...5 { try await bed.wait(for: "during-\(number)", phase: .succeeded) }
                let unrecorded = try await bed.wait(for: "during-5", "says that MongoDB is away") {
                    $0.condition(.recorded)?.reason == Reason.storeUnavailable
                }
                #expect(unrecorded.condition(.recorded)?.status == "False")
                #expect(unrecorded.condition(.recorded)?.message.contains("MongoDB can't be reached") == true)
                #expect(bed.operator.metrics.render().contains(#"report_operator_store_up{store="mongodb"} 0"#))
                try await bed.operator.log.wait(for: "MongoDB can't be used")
                // One that is deleted meanwhile stays until it is on record.
                try await bed.deleteRequest("during-1")
                let deleted = try await bed.wait(for: "during-1", "is being deleted") { $0.metadata.isDeleting }
                #expect(deleted.metadata.finalizers == [ReportsAPI.Finalizer.record])

                try await outside.services.start(.mongodb)
                for number in 2...5 { try await bed.waitUntilRecorded("during-\(number)") }
                try await bed.cluster.wait(for: ReportRequest.self, "during-1", in: bed.namespace, "is gone") {
                    $0 == nil
                }
                for uid in [deleted.metadata.uid, unrecorded.metadata.uid] {
                    let record = try #require(try await outside.records.record(uid: uid))
                    #expect(record.phase == .succeeded)
                    #expect(record.pinned != nil)
                    let told = try await outside.records.events(of: uid).map { "\($0.stage ?? "-") \($0.phase)" }
                    #expect(
                        told.filter { $0 != "- Queued" } == [
                            "- Running", "one Running", "one Succeeded", "two Running", "two Succeeded",
                            "three Running", "three Succeeded", "- Succeeded",
                        ] + (uid == deleted.metadata.uid ? ["- Deleted"] : []))
                }
                #expect(bed.operator.metrics.render().contains(#"report_operator_store_up{store="mongodb"} 1"#))
            }
        }
    }

    /// An index of that name that somebody else has made.
    @Test func anIndexThatCannotBeMadeKeepsNoRecordFromBeingStored() async throws {
        try await Outside.run([.mongodb], "index") { outside in
            let uri = try MongoURI(try outside.services.value("MONGODB_ADMIN_URI"))
            let database = outside.records.database
            let admin = MongoClient(uri, logger: Logger(label: "test"))
            try await admin.collection("reports", in: database).createIndexes([
                MongoIndex(name: "phase", keys: ["somethingElse": 1])
            ])
            try await TestBed.run(stores: outside.stores(redis: false)) { bed in
                try await bed.createPipeline()
                try await bed.createRequest()
                let done = try await bed.waitUntilRecorded()
                #expect(try await outside.records.record(uid: done.metadata.uid)?.phase == .succeeded)
                try await bed.operator.log.wait(for: "warning", "The index phase of reports can't be made")
                let incomplete = #"report_operator_store_incomplete{store="mongodb"}"#
                #expect(bed.operator.metrics.render().contains(incomplete + " 1"))
                #expect(bed.operator.metrics.render().contains(#"report_operator_store_up{store="mongodb"} 1"#))

                try await admin.run(["dropIndexes": "reports", "index": "phase"], in: database)
                try await bed.operator.log.wait(for: "The record is set up as it should be now")
                #expect(bed.operator.metrics.render().contains(incomplete + " 0"))
            }
        }
    }

    @Test func aWrongPasswordIsSaidInStatusAndLogAndHarmsNoRun() async throws {
        try await Outside.run([.mongodb], "password") { outside in
            try await TestBed.run(stores: outside.stores(redis: false, password: "wrong")) { bed in
                try await bed.createPipeline()
                try await bed.createRequest()
                let done = try await bed.wait("says what is wrong with MongoDB") {
                    $0.status?.phase == .succeeded && $0.condition(.recorded)?.reason == Reason.storeUnavailable
                }
                let message = done.condition(.recorded)?.message ?? ""
                #expect(message.contains("check the Secret"), "\(message)")
                try await bed.operator.log.wait(for: "warning", "check the Secret")
                for text in bed.operator.log.all + [message] { #expect(!text.contains("wrong@")) }
            }
        }
    }

    /// Killed between the end of the run and its record.
    @Test func aRestartedOperatorRecordsWhatTheOneBeforeCouldNot() async throws {
        try await Outside.run([.mongodb], "restart") { outside in
            try await TestBed.run(stores: outside.stores(redis: false)) { bed in
                try await bed.createPipeline()
                try await bed.createRequest("first")
                try await bed.waitUntilRecorded("first")
                try await outside.services.pause(.mongodb)
                try await bed.createRequest()
                try await bed.wait(phase: .succeeded)
                bed.operator.crash()
                try await outside.services.resume(.mongodb)
                try await bed.withOperator(bed.cluster.configuration) { _ in
                    let done = try await bed.waitUntilRecorded()
                    #expect(try await outside.records.record(uid: done.metadata.uid)?.phase == .succeeded)
                }
            }
        }
    }

    /// A MongoDB that takes connections and never answers.
    @Test func aHangingMongoDBKeepsNoStageWaiting() async throws {
        try await Outside.run([.mongodb], "hang") { outside in
            try await TestBed.run(stores: outside.stores(redis: false)) { bed in
                try await bed.createPipeline(stages: (1...8).map { "s\($0)" })
                try await bed.createRequest("free")
                let free = try await bed.waitUntilRecorded("free")
                try await outside.services.pause(.mongodb)
                let begin = ContinuousClock.now
                try await bed.createRequest("hung")
                try await bed.wait(for: "hung", within: .seconds(60), phase: .succeeded)
                let hung = ContinuousClock.now - begin
                let normal = Duration.seconds(
                    (free.status?.completedAt?.seconds ?? 0) - (free.metadata.creationTimestamp?.seconds ?? 0))
                // One waiting time of the client is 5 s: it would show at the first stage.
                #expect(hung < normal + .seconds(4), "\(hung) instead of \(normal)")
                try await outside.services.resume(.mongodb)
                try await bed.waitUntilRecorded("hung")
            }
        }
    }
}

extension TestBed {
    @discardableResult
    func waitUntilRecorded(_ name: String = "run") async throws -> ReportRequest {
        try await wait(for: name, "is recorded") {
            $0.status?.isTerminal == true && $0.condition(.recorded)?.status == "True"
        }
    }
}
