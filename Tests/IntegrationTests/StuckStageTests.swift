import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// A stage that has its Job and no pod says what refuses it.
@Suite struct StuckStageTests {
    @Test(arguments: [
        ("serviceAccountName: nope", "service account"),
        ("priorityClassName: nope", "no PriorityClass with name nope was found"),
    ])
    func aStageWhosePodsAreRefusedSaysWhatIsMissing(asked: String, words: String) async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: TestBed.stage(pod: asked))
            try await bed.createRequest()
            let stuck = try await bed.wait("says why its stage can't start") {
                $0.status?.reason == Reason.stageNotStarting
            }
            #expect(stuck.stage("one")?.reason == "FailedCreate")
            let said = stuck.status?.message ?? ""
            #expect(said.contains(words) && said.contains("nope"), "\(said)")
        }
    }

    @Test func aStageThatAQuotaRefusesForItsMissingLimitsSaysSo() async throws {
        try await TestBed.run { bed in
            try await bed.cluster.kubectl(
                "create", "quota", "memory", "--hard=limits.memory=256Mi", "-n", bed.namespace)
            try await eventually("the quota counts", within: .seconds(120)) {
                try await bed.cluster.kubectl(
                    "get", "resourcequota", "memory", "-n", bed.namespace, "-o", "jsonpath={.status.used}"
                ).contains("limits.memory")
            }
            try await bed.createPipeline()
            try await bed.createRequest()
            let stuck = try await bed.wait("says why its stage can't start") {
                $0.status?.reason == Reason.stageNotStarting
            }
            #expect(stuck.stage("one")?.reason == "FailedCreate")
            #expect(stuck.status?.message?.contains("its pod is forbidden: ") == true)
            #expect(stuck.status?.message?.contains("limits.memory") == true)
        }
    }

    /// Names and uids say nothing of their order.
    @Test func requestsOfOneSecondRunInTheOrderInWhichTheyWereMade() async throws {
        try await TestBed.run { bed in
            let pipeline = try await bed.createPipeline()
            try await bed.waitUntilOperatorHas(pipeline)
            let names = (1...12).reversed().map { "m-\($0)" }
            var versions: [String] = []
            for name in names { versions.append(try await bed.createRequest(name).metadata.resourceVersion) }
            for (name, version) in zip(names, versions) {
                let ended = try await bed.wait(for: name, phase: .succeeded)
                #expect(ended.status?.arrival == version)
            }
            try await eventually("the history has all of them") { bed.history.started.count == names.count }
            #expect(bed.history.started == names)
        }
    }
}

extension TestBed {
    /// A stage whose pods no API server takes.
    static let withoutServiceAccount = stage(pod: "serviceAccountName: nope")

    /// One stage with that in its pod's `spec`.
    static func stage(pod: String) -> String {
        "{stages: [{name: one, image: example.org/stage:1, podTemplate: {spec: {\(pod)}}}]}"
    }
}
