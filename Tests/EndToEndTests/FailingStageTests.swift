import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// A stage that fails: the status says why in words that lead to the cure.
@Suite(.needsCluster, .besideOthers)
struct FailingStageTests {
    @Test func exitCodeAndTheLastLinesOfTheLogAreTold() async throws {
        let status = try await end(
            // One stream: two of them come to the log in any order.
            Manifest.stage("check", "exec >&2; echo first; echo 'row 17: no cost centre'; echo 'see page 3'; exit 42"),
            Manifest.stage("next", "true"))
        #expect(status.phase == .failed)
        #expect(status.reason == Reason.stageFailed)
        #expect(status.stagePhases == [.failed, .skipped])
        #expect(status.stage("check")?.exitCode == 42)
        #expect(status.stage("check")?.reason == Reason.exitCode)
        #expect(status.message == "check failed: exit code 42", "\(status.message ?? "")")
        #expect(
            status.explanation == "check failed: exit code 42: first … see page 3", "\(status.explanation ?? "")")
        #expect(status.condition(.failed)?.isTrue == true)
    }

    @Test func terminationMessageFileWinsOverTheLog() async throws {
        let status = try await end(
            Manifest.stage("check", "seq 10000; printf 'the ERP is locked by Kim' >/dev/termination-log; exit 1"))
        #expect(status.explanation == "check failed: exit code 1: the ERP is locked by Kim", "\(status.stages ?? [])")
    }

    @Test func memoryOverItsLimitIsSaid() async throws {
        let status = try await end(
            Manifest.stage("greedy", "exec tail /dev/zero", "resources: {limits: {memory: 16Mi}}"))
        #expect(status.phase == .failed)
        #expect(status.stage("greedy")?.reason == "OOMKilled", "\(status.message ?? "")")
        #expect(status.message?.contains("OOMKilled") ?? false)
        #expect(status.message?.contains("limits.memory") ?? false)
    }

    @Test func stageOverItsTimeoutIsEnded() async throws {
        let status = try await end(Manifest.stage("slow", "sleep 600", "timeout: 2s"), Manifest.stage("next", "true"))
        #expect(status.phase == .failed)
        #expect(status.reason == Reason.stageFailed)
        #expect(status.stagePhases == [.failed, .skipped])
        #expect(status.stage("slow")?.reason == "DeadlineExceeded")
        #expect(
            status.message == "slow failed: DeadlineExceeded: it did not end within its timeout of 2s",
            "\(status.message ?? "")")
    }

    @Test func runOverItsTimeoutIsEnded() async throws {
        let status = try await end(
            pipeline: "timeout: 4s", Manifest.stage("quick", "true"), Manifest.stage("slow", "sleep 600"),
            Manifest.stage("next", "true"))
        #expect(status.phase == .failed)
        #expect(status.reason == Reason.timedOut)
        #expect(status.message?.contains("longer than 4s") ?? false, "\(status.message ?? "")")
        #expect(status.stage("next")?.phase == .skipped)
        #expect(status.stages?.contains { $0.phase == .running || $0.phase == .pending } == false)
    }

    @Test func stageThatSucceedsBesideAnotherContainerIsFollowedByTheNext() async throws {
        let status = try await end(Self.besideAnother("check", "exit 0"), Manifest.stage("next", "true"))
        #expect(status.phase == .succeeded, "\(status.message ?? "")")
        #expect(status.stagePhases == [.succeeded, .succeeded])
        #expect(status.stage("check")?.exitCode == 0)
    }

    @Test func stageThatFailsBesideAnotherContainerTellsItsOwnLastWords() async throws {
        let status = try await end(
            Self.besideAnother("check", "echo the ledger is locked >/dev/termination-log; exit 7"),
            Manifest.stage("next", "true"))
        #expect(status.phase == .failed)
        #expect(status.reason == Reason.stageFailed)
        #expect(status.stagePhases == [.failed, .skipped])
        #expect(status.stage("check")?.exitCode == 7)
        let said = status.stage("check")?.message ?? ""
        #expect(said.contains("the ledger is locked"), "\(said)")
        #expect(status.message == "check failed: exit code 7", "\(status.message ?? "")")
        #expect(
            status.explanation == "check failed: exit code 7: the ledger is locked", "\(status.explanation ?? "")")
    }

    @Test func retriedStageSucceedsAtItsSecondTry() async throws {
        let script = "if [ -e /workspace/tried ]; then echo again; else touch /workspace/tried; exit 1; fi"
        let status = try await end(
            pipeline: "workspace: {size: 1Mi}", Manifest.stage("flaky", script, "retries: 1"),
            Manifest.stage("next", "true"))
        #expect(status.phase == .succeeded, "\(status.message ?? "")")
        #expect(status.stagePhases == [.succeeded, .succeeded])
    }

    @Test func raisedAttemptResumesAtTheStageThatFailed() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.request(
                    "run", pipeline: "workspace: {size: 1Mi}",
                    stages: Manifest.stage("once", "echo ran >>/workspace/once"),
                    Manifest.stage("fix", "[ $REPORT_ATTEMPT = 2 ] && [ \"$(cat /workspace/once)\" = ran ]")))
            #expect(try await scene.end(of: "run").phase == .failed)
            try await scene.kubectl("patch", "reportrequest", "run", "--type=merge", "-p", #"{"spec":{"attempt":2}}"#)
            let status = try await scene.status(of: "run", "finished again") { $0.attempt == 2 && $0.isTerminal }
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            #expect(status.previousAttempts?.map(\.phase) == [.failed])
            let creations = try AuditLog.ofEnvironment().creations(of: "jobs", in: scene.namespace)
            #expect(creations.count == 3)
        }
    }

    /// A stage with another container in its pod, which goes on when the stage's own program has ended, as a service
    /// mesh's proxy does.
    private static func besideAnother(_ name: String, _ script: String) -> String {
        let other = "{name: beside, image: \(Manifest.quoted(Manifest.image)), command: [sleep, \"600\"]}"
        return Manifest.stage(name, script, pod: "terminationGracePeriodSeconds: 1, containers: [\(other)]")
    }

    /// How a request of those stages ends; by then no pod of it runs any more.
    private func end(pipeline: String = "", _ stages: String...) async throws -> ReportRequestStatus {
        let manifest = Manifest.request("run", pipeline: pipeline, stages: stages.joined(separator: ", "))
        var status = ReportRequestStatus()
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(manifest)
            status = try await scene.end(of: "run")
            #expect(try await scene.livePods().isEmpty)
        }
        return status
    }
}
