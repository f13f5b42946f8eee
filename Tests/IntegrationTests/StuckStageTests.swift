import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// A stage that has its Job and no pod says what refuses it.
@Suite struct StuckStageTests {
    @Test func aStageWhosePodsAreRefusedSaysWhatIsMissing() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: TestBed.withoutServiceAccount)
            try await bed.createRequest()
            let stuck = try await bed.wait("says why its stage can't start") {
                $0.status?.reason == Reason.stageNotStarting
            }
            #expect(stuck.stage("one")?.reason == "FailedCreate")
            #expect(stuck.status?.message?.contains("service account") == true)
            #expect(stuck.status?.message?.contains("nope") == true)
        }
    }
}

extension TestBed {
    /// A stage whose pods no API server takes.
    static let withoutServiceAccount = """
        stages:
        - name: one
          image: example.org/stage:1
          podTemplate: {spec: {serviceAccountName: nope}}
        """
}
