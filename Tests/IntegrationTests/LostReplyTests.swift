import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Synchronization
import TestSupport
import Testing

/// Answers that never come, and an operator that ends at any write.
@Suite struct LostReplyTests {
    @Test func runsEndRightAlthoughAnswersAreLost() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("LostReplyTests: seed \(seed)")
        let random = Mutex(SeededGenerator(seed: seed))
        try await KubectlProxy.run { upstream in
            let proxy = FaultProxy(upstream: upstream) { call in
                random.withLock { random in
                    switch Int.random(in: 0..<100, using: &random) {
                    case ..<20: call.isWrite ? .loseAnswer : .none
                    case ..<30: .loseRequest
                    default: .none
                    }
                }
            }
            try await TestBed.run(prepare: { _, _ in proxy.configuration }) { bed in
                for pipeline in ["a", "b", "c", "d", "e"] {
                    try await bed.createPipeline(pipeline, stages: ["one", "two", "three"])
                    try await bed.createRequest("\(pipeline)-1", of: pipeline)
                    try await bed.createRequest("\(pipeline)-2", of: pipeline)
                }
                for name in ["a", "b", "c", "d", "e"].flatMap({ ["\($0)-1", "\($0)-2"] }) {
                    let done = try await bed.wait(for: name, within: .seconds(100), phase: .succeeded)
                    #expect(done.stagePhases == [.succeeded, .succeeded, .succeeded], "seed \(seed)")
                }
                let creations = try bed.jobCreations()
                #expect(creations.count == 30, "seed \(seed)")
                #expect(creations.values.allSatisfy { $0 == 1 }, "seed \(seed): \(creations)")
                let perRequest = Dictionary(grouping: try await bed.jobs()) {
                    $0.metadata.labels[ReportsAPI.Label.request]
                }
                #expect(perRequest.count == 10 && perRequest.values.allSatisfy { $0.count == 3 }, "seed \(seed)")
            }
        }
    }

    /// Nine writes: the mark, the acceptance, three Jobs, and the status after each of them.
    @Test(arguments: 1...9)
    func aRunEndsRightWhereverTheOperatorCrashed(afterWrite number: Int) async throws {
        try await crash(afterWrite: number) { bed in
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.stagePhases == [.succeeded, .succeeded, .succeeded])
            let creations = try bed.jobCreations()
            #expect(creations.count == 3 && creations.values.allSatisfy { $0 == 1 }, "\(creations)")
        }
    }

    @Test(arguments: 1...8)
    func aFailureEndsRightWhereverTheOperatorCrashed(afterWrite number: Int) async throws {
        let stages = """
            stages:
            - {name: left, image: a}
            - {name: right, image: a, dependsOn: []}
            - {name: end, image: a, dependsOn: [left, right]}
            """
        try await crash(
            afterWrite: number, pipeline: stages,
            fate: { $0.stage == "left" ? .fails(exitCode: 1, message: "no") : .runs },
            check: { bed in
                let failed = try await bed.wait(phase: .failed)
                let creations = try bed.jobCreations()
                // After the third write, and the fourth where the pipeline's status was one of them, only the left one has its
                // Job; it may have failed before anybody is back.
                let onlyLeft = (3...4).contains(number) && creations.count == 1
                #expect(failed.stagePhases == [.failed, onlyLeft ? .skipped : .cancelled, .skipped])
                #expect(creations.count == 2 || onlyLeft, "\(creations)")
                #expect(creations.values.allSatisfy { $0 == 1 }, "\(creations)")
                let live = try await bed.cluster.client.list(Pod.self, namespace: bed.namespace).items
                    .filter { !$0.hasEnded }
                #expect(live.isEmpty, "Failed, though a pod still runs")
            })
    }

    @Test(arguments: 4...7)
    func aCancellationEndsRightWhereverTheOperatorCrashed(afterWrite number: Int) async throws {
        try await crash(
            afterWrite: number, fate: { _ in .runs },
            before: { bed in
                try await bed.pod(of: "one")
                try await bed.patchRequest("run", "spec: {cancel: true}")
            },
            check: { bed in
                let cancelled = try await bed.wait(phase: .cancelled)
                #expect(cancelled.stagePhases == [.cancelled, .skipped, .skipped])
                let creations = try bed.jobCreations()
                #expect(creations.count == 1 && creations.values.allSatisfy { $0 == 1 }, "\(creations)")
            })
    }

    /// Lets the operator crash when that write has been done and before it learns of it; then another one carries on.
    private func crash(
        afterWrite number: Int,
        pipeline: String = "stages: [{name: one, image: a}, {name: two, image: a}, {name: three, image: a}]",
        fate: @escaping @Sendable (Pod) -> Kubelet.Fate = { _ in .succeeds },
        before: (TestBed) async throws -> Void = { _ in },
        check: (TestBed) async throws -> Void
    ) async throws {
        try await KubectlProxy.run { upstream in
            let proxy = FaultProxy(upstream: upstream) { $0.writeNumber == number ? .loseAnswerAndCrash : .none }
            try await TestBed.run(fate: fate, prepare: { _, _ in proxy.configuration }) { bed in
                try await bed.createPipeline(more: pipeline)
                try await bed.createRequest()
                try await before(bed)
                try await proxy.untilCrash { try await bed.wait("is over") { $0.status?.isTerminal ?? false } }
                try #require(proxy.writes >= number, "the run ended before that write")
                // The end that a write brings may be seen before the proxy has the answer that it loses.
                await proxy.waitForCrash()
                bed.operator.crash()
                try await bed.withOperator(bed.cluster.configuration) { _ in try await check(bed) }
            }
        }
    }
}
