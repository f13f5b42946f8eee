import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportController
import ReportPlanning
import ReportStores
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
                try await TestBed.run(namespace: namespace, fate: { site.fate(of: $0, in: "a") }) { a in
                    try await TestBed.run(
                        on: own.live, namespace: namespace, fate: { site.fate(of: $0, in: "b") }
                    ) { b in
                        try await run(a, b, site, outside)
                    }
                }
            }
        }
    }

    /// Both clusters' operators as processes, each killed in the middle, and Redis too.
    private func run(_ a: TestBed, _ b: TestBed, _ site: Site, _ outside: Outside) async throws {
        let services = outside.services
        let redis = try services.value("REDIS_URL")
        for bed in [a, b] {
            await bed.operator.stop()
            try await bed.createSharedRuns(Self.perCluster)
        }
        // Held by the test until both stand in the line, so that neither is alone while the other's operator starts.
        let (lock, group) = (outside.lock, LockGroup(key: "\(a.namespace)/erp", limit: 1))
        try await eventually("the test holds the lock") {
            if case .held = try await lock.acquire(group, holder: "test", ttl: .seconds(300)) { true } else { false }
        }
        var processes = [try a.startProcess(redis: redis), try b.startProcess(redis: redis)]
        do {
            try await eventually("both clusters stand in the line", within: .seconds(120)) {
                try await lock.standing(of: group.key).line.count == 2
            }
            #expect(site.order.isEmpty)
            #expect(try await lock.release(group, holder: "test"))
            try await site.wait(forRuns: 40)
            await processes[0].crash()
            processes[0] = try a.startProcess(redis: redis)
            try await site.wait(forRuns: 80)
            try await services.kill(.redis)
            try await services.start(.redis)
            try await site.wait(forRuns: 120)
            await processes[1].crash()
            processes[1] = try b.startProcess(redis: redis)
            try await check(a, b, site)
        } catch {
            for process in processes {
                print("An operator's log:\n" + process.log.split(separator: "\n").suffix(60).joined(separator: "\n"))
                await process.crash()
            }
            throw error
        }
        for process in processes { #expect(await process.terminate() == 0) }
    }

    private func check(_ a: TestBed, _ b: TestBed, _ site: Site) async throws {
        var fences: Set<Int64> = []
        for bed in [a, b] {
            for number in 0..<Self.perCluster {
                let done = try await bed.wait(for: "r\(number)", within: .seconds(300), phase: .succeeded)
                fences.insert(try #require(done.status?.fence))
            }
            #expect(try await bed.jobs().count == Self.perCluster)
            // All were there before an operator was, so they go by age from the first on.
            let requests = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items
            let positions = requests.sorted { $0.status?.fence ?? 0 < $1.status?.fence ?? 0 }.map { QueuePosition($0) }
            #expect(positions == positions.sorted())
        }
        #expect(fences.count == 2 * Self.perCluster)
        #expect(site.clashes == [])
        let order = site.order
        #expect(order.count == 2 * Self.perCluster)
        // While both have runs that wait, each has its turns: a killed operator's other takes some more meanwhile.
        let ends = ["a", "b"].compactMap { cluster in order.lastIndex { $0.hasPrefix(cluster) } }
        let contended = order.prefix(ends.min() ?? 0)
        for cluster in ["a", "b"] {
            let share = contended.count { $0.hasPrefix(cluster) }
            #expect(share * 4 >= contended.count, "\(cluster) had \(share) of \(contended.count): \(order)")
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

    /// Waits until that number of runs have started, in both clusters together.
    func wait(forRuns count: Int) async throws {
        try await eventually("\(count) runs have started", within: .seconds(400)) { order.count >= count }
    }
}

extension TestBed {
    fileprivate func startProcess(redis: String) throws -> OperatorProcess {
        try OperatorProcess(
            namespace: namespace, "--redis-url", redis, "--intake-stream", "off", "--shared-lock-lease", "10",
            environment: cluster.kubeconfig.map { ["KUBECONFIG": $0] } ?? [:])
    }

    fileprivate func createSharedRuns(_ count: Int) async throws {
        try await createPipeline(more: "{concurrency: {key: erp, scope: Shared}}")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { try await createRequest("r\(number)") } }
            try await group.waitForAll()
        }
    }
}
