import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Layouts of requests' pipelines, with the operator's own edges: the machine's zone database judges the zones.
struct LayoutScenarioTests {
    @Test(arguments: [("Europe/Berlin", true), ("Europe/Bonn", false), ("../UTC", false)])
    func theZoneOfALayoutHasToExist(zone: String, isThere: Bool) async throws {
        var cluster = SimulatedCluster()
        var simulated = SimulatedOperator(on: cluster)
        let pipeline = PipelineSpec.chain("a").with { $0.report = LayoutSpec(title: "T", timeZone: zone) }
        cluster.submit(.fixture(pipeline, uid: "first"))
        for _ in 0..<30 {
            await simulated.settle(&cluster)
            cluster.step()
        }
        let status = cluster.request("first")?.status
        #expect(status?.phase == (isThere ? .succeeded : .failed))
        if !isThere {
            #expect(status?.reason == Reason.invalidSpec)
            #expect(status?.message?.hasPrefix("spec.pipeline.report.timeZone: ") == true)
            #expect(status?.message?.contains(#""\#(zone)""#) == true)
            #expect(cluster.server.all(Job.self).isEmpty)
        }
    }
}
