import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportController
import ReportPlanning
import ServiceSupport
import Synchronization
import Testing

/// Runs of two clusters that one Redis keeps apart.
@Suite(.serialized) struct SharedLockTests {
    private static let perCluster = 100

    @Test func twoHundredRunsOfTwoClustersNeverRunTogether() async throws {
        try await Outside.run([.redis], "lock") { outside in
            try await OwnCluster.run("shared") { own in
                try await own.applyDefinitions()
                let namespace = LiveCluster.namespaceName()
                let site = Site()
                let stores = outside.stores(mongodb: false)
                try await TestBed.run(namespace: namespace, fate: { site.fate(of: $0, in: "a") }, stores: stores) { a in
                    try await TestBed.run(
                        on: own.live, namespace: namespace, fate: { site.fate(of: $0, in: "b") }, stores: stores
                    ) { b in
                        for bed in [a, b] { try await bed.createSharedRuns(Self.perCluster) }
                        // Each operator ends in the middle, and Redis too.
                        try await site.wait(forRuns: 30)
                        a.operator.crash()
                        await a.operator.stop()
                        try await a.withOperator(a.cluster.configuration) { _ in
                            try await site.wait(forRuns: 70)
                            try await outside.services.kill(.redis)
                            try await outside.services.start(.redis)
                            try await site.wait(forRuns: 110)
                            b.operator.crash()
                            await b.operator.stop()
                            try await b.withOperator(b.cluster.configuration) { _ in
                                try await check(a, b, site)
                            }
                        }
                    }
                }
            }
        }
    }

    private func check(_ a: TestBed, _ b: TestBed, _ site: Site) async throws {
        var fences: Set<Int64> = []
        for bed in [a, b] {
            for number in 0..<Self.perCluster {
                let done = try await bed.wait(for: "r\(number)", within: .seconds(240), phase: .succeeded)
                fences.insert(try #require(done.status?.fence))
            }
            #expect(try await bed.jobs().count == Self.perCluster)
            // The first may have started before the others were there; from then on it goes by age.
            let requests = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items
            let later = requests.sorted { $0.status?.fence ?? 0 < $1.status?.fence ?? 0 }.dropFirst(20)
            let positions = later.map { QueuePosition($0) }
            #expect(positions == positions.sorted())
        }
        #expect(fences.count == 2 * Self.perCluster)
        #expect(site.clashes == [])
        let order = site.order
        #expect(order.count == 2 * Self.perCluster)
        // Neither cluster has the lock for itself while the other waits.
        for cluster in ["a", "b"] {
            #expect(order.prefix(60).count { $0.hasPrefix(cluster) } > 10, "\(order)")
        }
    }

    @Test func aRunSaysThatItWaitsForRedisAndGoesOnByItself() async throws {
        try await Outside.run([.redis], "waits") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                try await outside.services.kill(.redis)
                try await bed.createPipeline(more: "{concurrency: {key: erp, scope: Shared}}")
                try await bed.createPipeline("plain")
                try await bed.createRequest()
                let waiting = try await bed.wait("says that Redis is away") {
                    $0.status?.reason == Reason.sharedLockUnavailable
                }
                #expect(waiting.status?.phase == .queued)
                #expect(waiting.status?.message?.contains("Redis") == true, "\(waiting.status?.message ?? "")")
                try await bed.createRequest("other", of: "plain")
                try await bed.wait(for: "other", phase: .succeeded)
                try await outside.services.start(.redis)
                let done = try await bed.wait(phase: .succeeded)
                #expect(done.status?.fence ?? 0 > 0)
                // The lock is given back, and then the request may go.
                try await bed.wait("has given the lock back") { $0.metadata.finalizers.isEmpty }
                try await bed.deleteRequest()
                try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
            }
        }
    }
}

/// What truly runs, as the kubelets of all clusters see it: from a pod's start to its end.
private final class Site: Sendable {
    private struct State {
        var inside: Set<String> = []
        var order: [String] = []
        var clashes: [String] = []
    }

    private let state = Mutex(State())

    func fate(of pod: Pod, in cluster: String) -> Kubelet.Fate {
        let run = "\(cluster)/\(pod.request)"
        return state.withLock { state in
            if pod.status?.phase == "Pending" {
                if !state.inside.isEmpty, !state.inside.contains(run) {
                    state.clashes.append("\(run) beside \(state.inside)")
                }
                if state.inside.insert(run).inserted { state.order.append(run) }
                return .runs
            }
            state.inside.remove(run)
            return .succeeds
        }
    }

    var order: [String] { state.withLock { $0.order } }
    var clashes: [String] { state.withLock { $0.clashes } }

    func wait(forRuns count: Int) async throws {
        try await eventually("\(count) runs have started", within: .seconds(120)) { order.count >= count }
    }
}

extension TestBed {
    fileprivate func createSharedRuns(_ count: Int) async throws {
        try await createPipeline(more: "{concurrency: {key: erp, scope: Shared}}")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { try await createRequest("r\(number)") } }
            try await group.waitForAll()
        }
    }
}
