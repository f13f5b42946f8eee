import ClusterSupport
import KubernetesModel
import ReportAPI
import ReportController
import ReportPlanning
import Testing

/// `--inline-pipelines` with a label selector, on a real API server.
@Suite struct InlinePipelineTests {
    private static let inline = "pipeline: {stages: [{name: one, image: a}]}"
    private static let label = "example.org/inline"

    private static func rule() throws -> InlinePipelineRule {
        .labelled(try LabelSelector("\(label) in (yes,always),example.org/blocked notin (yes)"))
    }

    private func label(_ bed: TestBed, _ label: String) async throws {
        try await bed.cluster.kubectl("label", "namespace", bed.namespace, label, "--overwrite")
    }

    @Test func theNamespacesLabelDecidesForRequestsAndSchedules() async throws {
        try await TestBed.run(inlinePipelines: try Self.rule()) { bed in
            try await bed.createRequest("first", of: nil, more: Self.inline)
            let refused = try await bed.wait(for: "first", phase: .failed)
            #expect(refused.status?.reason == Reason.inlinePipelineForbidden)
            #expect(
                refused.status?.message?.contains("namespace \(bed.namespace) may bring no inline pipelines") == true)
            let schedule = "request: {spec: {pipelineRef: null, \(Self.inline)}}"
            try await bed.createSchedule(more: schedule)
            try await bed.wait(forSchedule: "nightly", reason: Reason.inlinePipelineForbidden)
            #expect(try await bed.cronJob() == nil)
            // A named one is run as ever.
            try await bed.createPipeline()
            try await bed.createRequest("named")
            try await bed.wait(for: "named", phase: .succeeded)

            try await label(bed, "\(Self.label)=yes")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            try await bed.createRequest("second", of: nil, more: Self.inline)
            try await bed.wait(for: "second", phase: .succeeded)
            try await bed.patchRequest("first", "spec: {attempt: 2}")
            try await bed.wait(for: "first", phase: .succeeded)

            try await label(bed, "example.org/blocked=yes")
            try await bed.wait(forSchedule: "nightly", reason: Reason.inlinePipelineForbidden)
            try await bed.wait(forCronJob: "nightly", "suspended") { $0?["spec"]?["suspend"] == .bool(true) }
            try await bed.createRequest("third", of: nil, more: Self.inline)
            let third = try await bed.wait(for: "third", phase: .failed)
            #expect(third.status?.reason == Reason.inlinePipelineForbidden)
        }
    }

    /// An operator that may not read namespaces runs none of them, and says so; the rest goes on.
    @Test func withoutTheRightToListNamespacesTheyWait() async throws {
        // A namespace's role can't give it, whatever it lists.
        let missing = try #require(Permission.all.first { $0.description == "namespaces list" })
        let role = ReducedRole(missing: missing)
        try await TestBed.run(inlinePipelines: try Self.rule(), prepare: role.grant) { bed in
            try await bed.operator.log.wait(for: "Can't list objects", role.refusal, "advice=allow its")
            try await bed.createRequest("inline", of: nil, more: Self.inline)
            let waiting = try await bed.wait(for: "inline", phase: .queued)
            #expect(waiting.status?.reason == Reason.inlinePipelineUndecided)
            try await bed.createPipeline()
            try await bed.createRequest("named")
            try await bed.wait(for: "named", phase: .succeeded)
            #expect(bed.operator.controller.isReady)
            #expect(try await bed.jobs().count == 1)
        }
    }
}
