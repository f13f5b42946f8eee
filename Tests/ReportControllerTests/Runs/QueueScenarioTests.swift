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
}
