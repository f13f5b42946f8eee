import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import TestSupport
import Testing

@testable import ReportController

/// Requests that are exported, deleted and made again, on the API server in this process.
struct RestoredScenarioTests {
    private static let newUID = "0a1b2c3d-0000-4000-8000-00000000000b"

    /// How far the run had come when it was exported, in steps.
    static let moments = [1, 4, 60]

    private static func script() -> SimulatedCluster.Script {
        var script = SimulatedCluster.Script()
        script.hasStore = true
        return script
    }

    /// A run of three stages that was exported at that moment and is gone, and its copy before any operator has seen it.
    private func cluster(exportedAt moment: Int, keepingStatus: Bool) async throws -> SimulatedCluster {
        let scenario = Scenario("exported", .chain("extract", "transform", "load"), Self.script())
        var cluster = scenario.cluster
        var simulated = SimulatedOperator(on: cluster)
        for _ in 0..<moment {
            await simulated.settle(&cluster)
            cluster.step()
        }
        await simulated.settle(&cluster)
        let exported = try #require(cluster.request(Scenario.uid))
        #expect(exported.acceptedUID == Scenario.uid)
        cluster.vanish(Scenario.uid)
        cluster.step()
        cluster.submit(exported.restored(uid: Self.newUID, keepingStatus: keepingStatus))
        return cluster
    }

    private func jobs(_ cluster: SimulatedCluster) -> [String] {
        cluster.server.all(Job.self).filter { $0.requestUID == Self.newUID }.map(\.metadata.name)
    }

    private func expectRest(_ cluster: SimulatedCluster, _ what: Comment) throws {
        let request = try #require(cluster.request(Self.newUID), what)
        #expect(request.status?.isRestored == true, what)
        #expect(request.status?.reportID == Scenario.uid, what)
        #expect(request.metadata.finalizers == [], what)
        #expect(jobs(cluster) == [], what)
        #expect(cluster.violations == [], what)
    }

    /// Rests, whenever the operator is killed; is run when it is asked to, whenever the operator is killed.
    @Test(arguments: moments, [false, true])
    func aCopyRestsUntilItsAttemptIsRaised(moment: Int, keepingStatus: Bool) async throws {
        var cluster = try await cluster(exportedAt: moment, keepingStatus: keepingStatus)
        var crashes: [SimulatedCluster] = []
        var simulated = SimulatedOperator(on: cluster)
        for _ in 0..<5 {
            await simulated.settle(&cluster) { crashes.append($0) }
            cluster.step()
        }
        try expectRest(cluster, "undisturbed")
        for crash in crashes {
            var cluster = crash
            var restarted = SimulatedOperator(on: cluster)
            await restarted.settle(&cluster)
            try expectRest(cluster, "after a crash")
        }

        crashes = []
        cluster.edit(Self.newUID, ["attempt": .integer(2)])
        try await expectRun(&cluster, &simulated) { crashes.append($0) }
        #expect(crashes.count > 3)
        for crash in crashes.prefix(5) {
            var cluster = crash
            var restarted = SimulatedOperator(on: cluster)
            try await expectRun(&cluster, &restarted)
        }
    }

    private func expectRun(
        _ cluster: inout SimulatedCluster, _ simulated: inout SimulatedOperator,
        visit: (SimulatedCluster) -> Void = { _ in }
    ) async throws {
        for _ in 0..<60 {
            await simulated.settle(&cluster, visit: visit)
            if cluster.request(Self.newUID)?.isRecordedForGood == true { break }
            cluster.step()
        }
        let request = try #require(cluster.request(Self.newUID))
        #expect(request.status?.phase == .succeeded)
        #expect(request.status?.reportID == Self.newUID && request.acceptedUID == Self.newUID)
        #expect(request.status?.stages?.map(\.attempt) == [2, 2, 2])
        #expect(request.isRecordedForGood)
        #expect(Set(jobs(cluster)).count == 3)
        #expect(cluster.violations == [])
    }

    /// Copies keep nobody waiting, not even those that were exported as they ran.
    @Test func aCopyHoldsNoPlace() {
        let running = ReportRequest.numbered(1).running("one").restored(uid: Self.newUID, keepingStatus: true)
        let queued = ReportRequest.numbered(2).queued().restored(uid: "another", keepingStatus: true)
        let unseen = ReportRequest.numbered(3).restored(uid: "a-third", keepingStatus: false)
        let waiting = ReportRequest.numbered(4).queued()
        let copies = [running, queued, unseen].map { copy in copy.with { $0.metadata.resourceVersion = "1" } }
        let cluster = Cluster(requests: copies + [waiting])
        #expect(cluster.observer.observe(waiting.key)?.queue == .init())
    }
}
