import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// Several runs of one concurrency group, with the operator's own observer and reconciler.
struct QueueScenarioTests {
    @Test(arguments: [1, 2, 3]) func groupNeverHoldsMoreThanItsLimit(limit: Int) async {
        for seed: UInt64 in 1...3 {
            var cluster = SimulatedCluster(
                script: .init(outcomes: seed % 2 == 0 ? ["b": .exits(1)] : [:]), seed: seed)
            let uids = (0..<5).map { "uid-\($0)" }
            let pipeline = PipelineSpec.chain("a", "b").concurrency(key: "erp", limit: limit)
            for (index, uid) in uids.enumerated() {
                cluster.submit(.fixture(pipeline, name: "r\(index)", uid: uid).priority(index % 2))
            }
            var simulated = SimulatedOperator(on: cluster)
            for step in 0..<140 {
                if step == 9 { cluster.edit(uids[1], ["cancel": .bool(true)]) }
                if step == 15 { cluster.vanish(uids[3]) }
                await simulated.settle(&cluster)
                let holding = cluster.holding
                #expect(holding.count <= limit, "\(holding) at step \(step), seed \(seed)")
                cluster.step()
            }
            #expect(cluster.violations == [])
            let phases = uids.map { cluster.request($0)?.status?.phase }
            #expect(phases.allSatisfy { $0 == nil || $0?.isTerminal == true }, "\(phases)")
        }
    }

    /// However many come and go before it, a waiter's status is written when it queues and when it is next.
    @Test func aWaiterIsWrittenTwice() async throws {
        var cluster = SimulatedCluster()
        let uids = (0..<6).map { "uid-\($0)" }
        for (index, uid) in uids.enumerated() {
            cluster.submit(.fixture(.chain("a").concurrency(key: "erp"), name: "r\(index)", uid: uid).priority(-index))
        }
        var simulated = SimulatedOperator(on: cluster)
        var said: [String: [String]] = [:]
        for _ in 0..<160 {
            await simulated.settle(&cluster) { moment in
                for request in moment.server.all(ReportRequest.self) where request.status?.phase == .queued {
                    let write = "\(request.metadata.resourceVersion) \(request.status?.message ?? "")"
                    if said[request.metadata.uid]?.last != write {
                        said[request.metadata.uid, default: []].append(write)
                    }
                }
            }
            cluster.step()
        }
        #expect(uids.allSatisfy { cluster.request($0)?.status?.phase == .succeeded })
        #expect(said[uids[0]] == nil, "the first starts at once")
        // It may be looked at before the first has started.
        #expect((1...2).contains(said[uids[1]]?.count ?? 0), "\(said)")
        for uid in uids[2...] {
            let writes = try #require(said[uid])
            #expect(writes.count == 2, "\(writes)")
            #expect(writes.first?.contains("waits for its turn, place ") == true)
            #expect(writes.last?.contains(" is next, after r") == true)
        }
    }
}
