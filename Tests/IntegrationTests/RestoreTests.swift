import ClusterSupport
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import MongoClient
import RedisClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Requests and schedules that are exported, deleted and applied again.
struct RestoreTests {
    private static let count = 200

    /// Two hundred finished requests, and with them one that was still running.
    @Test func aNamespaceThatIsRestoredRunsNothingAndItsHistoryIsWhole() async throws {
        try await Outside.run([.mongodb, .redis], "restore") { outside in
            let stores = outside.stores()
            try await TestBed.run(
                fate: { $0.request == "running" ? .runs : .succeeds }, stores: stores
            ) { bed in
                // A spec that can't be run ends at once, without a Job: the cheapest of ends.
                try await bed.createPipeline(stages: ["one"])
                for number in 1...Self.count - 10 {
                    try await bed.createRequest("r\(number)", more: "{parameters: {nobody: knows}}")
                }
                for number in Self.count - 9...Self.count { try await bed.createRequest("r\(number)") }
                try await bed.createPipeline("endless", stages: ["one"])
                try await bed.createRequest("running", of: "endless")
                try await bed.wait(for: "running", "its stage runs") { $0.stagePhases == [.running] }
                let before = try await bed.requests("all are recorded") { requests in
                    requests.count { $0.isRecordedForGood } == Self.count
                }
                let jobs = Set(try bed.jobCreations().keys)
                #expect(jobs.count == 11)
                let exported = try await bed.cluster.kubectl("get", "rr", "-n", bed.namespace, "-o", "yaml")

                try await bed.cluster.kubectl("delete", "rr", "--all", "-n", bed.namespace, "--timeout=600s")
                let database = try outside.history()
                let history = try await database.documents()
                let told = try await outside.events()
                #expect(history["reports"]?.count == Self.count + 1)

                try await bed.cluster.apply(exported, in: bed.namespace)
                let after = try await bed.requests("all have ended") { requests in
                    requests.count == Self.count + 1 && requests.allSatisfy { $0.status?.isTerminal == true }
                }
                let ids = Dictionary(uniqueKeysWithValues: before.map { ($0.metadata.name, $0.metadata.uid) })
                for request in after {
                    let id = try #require(ids[request.metadata.name])
                    #expect(request.metadata.uid != id)
                    #expect(request.status?.phase == .cancelled && request.status?.reason == Reason.restored)
                    #expect(request.status?.reportID == id)
                    #expect(request.status?.message?.contains("reportctl history \(id)") == true)
                    #expect(request.metadata.finalizers.isEmpty)
                }
                // One that is deleted leaves no record either, and a restart changes nothing.
                try await bed.deleteRequest("r1")
                await bed.operator.stop()
                try await bed.withOperator(bed.cluster.configuration) { instance in
                    try await instance.waitUntilReady()
                    try await bed.patchRequest("r\(Self.count)", "spec: {attempt: 2}")
                    let again = try await bed.wait(for: "r\(Self.count)", "has run again") { $0.isRecordedForGood }
                    #expect(again.status?.phase == .succeeded && again.status?.reportID == again.metadata.uid)
                    #expect(again.stage("one")?.attempt == 2)
                    let new = try bed.jobCreations().filter { !jobs.contains($0.key) }
                    #expect(new.count == 1)

                    let kept = try await database.documents()
                    for (collection, documents) in history {
                        let now = kept[collection] ?? [:]
                        #expect(documents.allSatisfy { now[$0.key] == $0.value }, "\(collection)")
                        // What is new is of the one that ran.
                        let added = now.keys.filter { documents[$0] == nil }
                        #expect(added.allSatisfy { $0.hasPrefix(again.metadata.uid) }, "\(collection): \(added)")
                    }
                    #expect(kept["reports"]?.count == Self.count + 2)
                    // Redis is told beside MongoDB, which may be first.
                    let fresh = ["r\(Self.count)/2/Running", "r\(Self.count)/2/Succeeded"]
                    try await eventually("its events are told") {
                        try await outside.events().count >= told.count + fresh.count
                    }
                    #expect(try await outside.events() == told + fresh)
                }
            }
        }
    }

    /// As Velero brings status back where it is told to.
    @Test func aStatusThatComesBackStaysAndRunsNothing() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let old = try await bed.wait(phase: .succeeded)
            let exported = try await bed.cluster.kubectl("get", "rr", "run", "-n", bed.namespace, "-o", "json")
            try await bed.deleteRequest()
            try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
            await bed.operator.stop()

            try await bed.cluster.apply(exported, in: bed.namespace)
            let status = try #require(try JSONValue.yaml(exported)["status"])
            _ = try await bed.cluster.client.patch(
                ReportRequest.self, name: "run", namespace: bed.namespace,
                merge: JSONValue.object(["status": status]), subresource: .status)
            try await bed.withOperator(bed.cluster.configuration) { _ in
                let restored = try await bed.wait("rests") { $0.status?.isRestored == true }
                #expect(restored.status?.phase == .succeeded && restored.reportID == old.metadata.uid)
                #expect(restored.status?.completedAt == old.status?.completedAt)
                #expect(restored.stagePhases == [.succeeded])
                try await bed.patchRequest("run", "spec: {attempt: 2}")
                let again = try await bed.wait("has run again") {
                    $0.status?.phase == .succeeded && $0.status?.attempt == 2 && !$0.isRestored
                }
                #expect(again.reportID == again.metadata.uid && again.status?.accepted != nil)
                #expect(try bed.jobCreations().count == 2)
            }
        }
    }

    /// Its CronJob is recreated, which catches up with nothing; its requests of before are not its.
    @Test func aScheduleThatComesBackMakesUpForNothing() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            let name = tick.metadata.name
            let first = try await bed.wait(for: name, phase: .succeeded)
            try await bed.waitUntilGone(tick)
            try await bed.wait(forSchedule: "nightly", "tells of it") { $0.status?.lastSuccessfulTime != nil }
            let exported = try await bed.cluster.kubectl(
                "get", "rsched,rr", "-n", bed.namespace, "-o", "yaml")
            try await bed.cluster.kubectl("delete", "rsched,rr", "--all", "-n", bed.namespace, "--timeout=600s")

            try await bed.cluster.apply(exported, in: bed.namespace)
            let restored = try await bed.wait(for: name, "rests") { $0.status?.isRestored == true }
            #expect(restored.reportID == first.metadata.uid)
            let schedule = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            #expect(schedule.status?.active == nil && schedule.status?.lastScheduleTime == nil)
            let requests = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items
            #expect(requests.map(\.metadata.name) == [name])
        }
    }

    /// A message that comes again finds the restored request, and is done with.
    @Test func theQueueMakesNoRequestASecondTime() async throws {
        try await Outside.run([.redis], "restore-queue") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                try await bed.createPipeline()
                _ = try await outside.redis.send(.ask(id: "run"))
                let old = try await bed.wait(phase: .succeeded)
                let exported = try await bed.cluster.kubectl("get", "rr", "run", "-n", bed.namespace, "-o", "yaml")
                try await bed.deleteRequest()
                try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
                try await bed.cluster.apply(exported, in: bed.namespace)
                let restored = try await bed.wait("rests") { $0.status?.isRestored == true }
                _ = try await outside.redis.send(.ask(id: "run"))
                try await outside.waitUntilSettled()
                #expect(try await outside.redis.send(RedisCommand("XLEN", "reports:rejected")).integer == 0)
                let after = try await bed.wait("is there") { _ in true }
                #expect(after.metadata.uid == restored.metadata.uid && after.reportID == old.metadata.uid)
                #expect(try bed.jobCreations().count == 1)
            }
        }
    }
}

extension TestBed {
    /// Waits until the requests of the namespace are so; returns them.
    fileprivate func requests(
        _ what: String, until holds: @escaping @Sendable ([ReportRequest]) -> Bool
    ) async throws -> [ReportRequest] {
        try await cluster.wait(
            forAll: ReportRequest.self, in: namespace, within: .seconds(600), what, until: holds)
    }
}

extension Outside {
    /// What stands in MongoDB, as somebody who may read all of it sees it.
    fileprivate func history() throws -> History {
        let uri = try MongoURI(try services.value("MONGODB_ADMIN_URI"))
        return History(client: MongoClient(uri, logger: Logger(label: "test")), database: records.database)
    }
}

private struct History {
    let client: MongoClient
    let database: String

    /// By collection and id, byte for byte.
    func documents() async throws -> [String: [String: [UInt8]]] {
        var documents: [String: [String: [UInt8]]] = [:]
        for name in ["reports", "report_events", "report_logs"] {
            for document in try await client.collection(name, in: database).find([:], as: BSONDocument.self).all() {
                documents[name, default: [:]][document["_id"]?.string ?? ""] = document.bytes
            }
        }
        return documents
    }
}
