import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// A pipeline's status on a real API server, and what hangs on it.
@Suite struct PipelineStatusTests {
    @Test func kubectlShowsWhetherAPipelineCanRunAndItsSchedulesAreToldOf() async throws {
        try await TestBed.run { bed in
            let cycle = "stages: [{name: a, image: b, dependsOn: [c]}, {name: c, image: b, dependsOn: [a]}]"
            try await bed.createPipeline("report", more: "{\(cycle)}")
            try await bed.createPipeline("sound")
            try await bed.createSchedule()
            let faulty = try await bed.wait(forPipeline: "report", ready: "False")
            #expect(faulty.status?.ready?.reason == Reason.invalidSpec)
            #expect(faulty.status?.ready?.message.contains("spec.stages: a needs c needs a") == true)
            #expect(faulty.status?.observedGeneration == faulty.metadata.generation)
            _ = try await bed.wait(forPipeline: "sound", ready: "True")
            try await bed.wait(forSchedule: "nightly", reason: Reason.pipelineNotReady)
            let table = try await bed.cluster.kubectl("get", "rpl", "-n", bed.namespace)
            let lines = table.split(separator: "\n")
            #expect(lines.first?.contains("READY") == true && lines.first?.contains("REASON") == true, "\(table)")
            #expect(lines.contains { $0.hasPrefix("report ") && $0.contains("InvalidSpec") }, "\(table)")
            #expect(lines.contains { $0.hasPrefix("sound ") && $0.contains("Valid") }, "\(table)")
            _ = try await bed.cluster.client.patch(
                ReportPipeline.self, name: "report", namespace: bed.namespace,
                merge: try JSONValue.yaml("spec: {stages: [{name: a, image: b}]}"))
            _ = try await bed.wait(forPipeline: "report", ready: "True")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
        }
    }
}

extension TestBed {
    fileprivate func wait(forPipeline name: String, ready: String) async throws -> ReportPipeline {
        let found = try await cluster.wait(
            for: ReportPipeline.self, name, in: namespace, within: .seconds(60), "is \(ready)"
        ) { $0?.status?.ready?.status == ready }
        return try #require(found)
    }
}
