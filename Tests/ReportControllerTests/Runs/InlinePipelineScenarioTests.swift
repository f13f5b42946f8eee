import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Pipelines of requests' own where a label decides on them, with the operator's own edges.
struct InlinePipelineScenarioTests {
    private static let namespace = ObjectKey(namespace: "", name: "finance")

    private func label(_ cluster: SimulatedCluster, _ value: JSONValue) throws {
        let patch = JSONValue.object(["metadata": .object(["labels": .object(["inline": value])])])
        try cluster.server.patch(Namespace.self, Self.namespace, patch)
    }

    private func advance(_ cluster: inout SimulatedCluster, _ simulated: inout SimulatedOperator) async {
        for _ in 0..<30 {
            await simulated.settle(&cluster)
            cluster.step()
        }
        await simulated.settle(&cluster)
    }

    @Test func aLabelOfTheNamespaceDecidesWhenARequestIsAcceptedAndAtEachAttempt() async throws {
        var cluster = SimulatedCluster(script: .init(outcomes: ["b": .exits(1)], laterOutcomes: ["b": .succeeds]))
        try cluster.server.insert(Namespace(metadata: ObjectMeta(name: "finance", namespace: "")))
        let pipeline = PipelineSpec.chain("a", "b").concurrency(key: "erp")
        let rule = InlinePipelineRule.labelled(try LabelSelector("inline in (yes,always)"))
        var simulated = SimulatedOperator(on: cluster, inlinePipelines: rule)
        cluster.submit(.fixture(pipeline, uid: "first"))

        // Nobody knows yet.
        await advance(&cluster, &simulated)
        #expect(cluster.request("first")?.status?.reason == Reason.inlinePipelineUndecided)
        #expect(cluster.request("first")?.status?.phase == .queued)

        simulated.readNamespaces(of: cluster)
        await advance(&cluster, &simulated)
        #expect(cluster.request("first")?.status?.reason == Reason.inlinePipelineForbidden)
        #expect(cluster.request("first")?.status?.phase == .failed)
        #expect(cluster.server.all(Job.self).isEmpty)

        try label(cluster, .string("yes"))
        cluster.submit(.fixture(pipeline, name: "second", uid: "second"))
        await advance(&cluster, &simulated)
        #expect(cluster.request("second")?.status?.reason == Reason.stageFailed)

        try label(cluster, .null)
        cluster.edit("second", ["attempt": .integer(2)])
        await advance(&cluster, &simulated)
        #expect(cluster.request("second")?.status?.reason == Reason.inlinePipelineForbidden)
        #expect(cluster.request("second")?.status?.attempt == 2)
        #expect(cluster.server.all(Job.self).count == 2, "those of the first attempt")

        try label(cluster, .string("always"))
        cluster.edit("second", ["attempt": .integer(3)])
        await advance(&cluster, &simulated)
        #expect(cluster.request("second")?.status?.phase == .succeeded)
        #expect(cluster.violations == [])
    }

    /// One whose pipeline may not be run, or of which that isn't known, holds up nobody of its group.
    @Test(arguments: [true, false]) func whoWaitsForTheLabelHoldsNobodyUp(isKnown: Bool) async throws {
        var cluster = SimulatedCluster()
        let pipeline = PipelineSpec.chain("a").concurrency(key: "erp")
        try cluster.server.insert(ReportPipeline.fixture("tb", pipeline))
        let rule = InlinePipelineRule.labelled(try LabelSelector("inline"))
        var simulated = SimulatedOperator(on: cluster, inlinePipelines: rule)
        if isKnown { simulated.readNamespaces(of: cluster) }
        cluster.submit(.fixture(pipeline, name: "first", uid: "first").priority(5))
        cluster.submit(.fixture(pipeline, name: "second", uid: "second").referring(to: "tb"))
        await advance(&cluster, &simulated)
        #expect(cluster.request("first")?.status?.phase == (isKnown ? .failed : .queued))
        #expect(cluster.request("second")?.status?.phase == .succeeded)
        #expect(cluster.violations == [])
    }
}
