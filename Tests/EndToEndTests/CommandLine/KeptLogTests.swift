import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// What stages printed is there when their pods are gone.
@Suite(.needsCluster, .besideOthers)
struct KeptLogTests {
    @Test func logsAreReadAfterTheirPodsAreDeletedAndTheRequestIsToo() async throws {
        try await submit(
            "--wait", stages: Manifest.stage("one", "echo a; echo; echo b"),
            // More than is kept.
            Manifest.stage("two", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 4")
        ) { scene, `operator`, records, submitted in
            #expect(submitted.status == 1, "\(submitted)")
            let live = try await records.run("logs", "run", "one")
            #expect(live.output == "a\n\nb\n", "\(live)")
            // The node may write it after it has told of the container's end.
            try await eventually("the node has all of it", every: .milliseconds(200)) {
                try await records.run("logs", "run", "two", "--tail", "1").output == "line 19999\n"
            }
            let whole = try await records.run("logs", "run", "two").output
            #expect(whole.hasPrefix("line 0\n") && whole.hasSuffix("line 19999\n"))

            try await eventually("both logs are kept", every: .milliseconds(200)) {
                await `operator`.log().components(separatedBy: "A stage's log is kept to its end").count > 2
            }
            try await scene.kubectl("delete", "pods", "-l", ReportsAPI.Label.requestUID)
            var nobody = records
            nobody.environment = ["MONGODB_URI": ""]
            let nowhere = try await nobody.run("logs", "run", "one", "--operator-namespace", "nowhere")
            #expect(nowhere.status == 4 && nowhere.errors.contains("the record can't be asked"), "\(nowhere)")
            let one = try await records.run("logs", "run", "one")
            #expect(one.status == 0 && one.output == "a\n\nb\n", "\(one)")
            let two = try await records.run("logs", "run", "two")
            #expect(two.output.hasSuffix("line 19999\n") && whole.hasSuffix(two.output))
            #expect(two.output.utf8.count <= 65536 && two.output.utf8.count > 65536 - 12)
            #expect(two.errors.contains("the last 64 KiB are kept"), "\(two.errors)")
            #expect(try await records.run("logs", "run", "two", "--tail", "1").output == "line 19999\n")
            let all = try await records.run("logs", "run", "--tail", "2")
            #expect(all.output == "one | \none | b\ntwo | line 19998\ntwo | line 19999\n", "\(all)")

            try await scene.kubectl("delete", "reportrequest", "run", "--timeout=60s")
            #expect(try await records.run("logs", "run", "one").output == "a\n\nb\n")
        }
    }

    /// What a stage prints on its way out.
    @Test func aCancelledStagesLastWordsAreKept() async throws {
        let stage = "trap 'echo stopped; sleep 1; exit 1' TERM; echo begun; while :; do sleep 0.1; done"
        try await submit(
            stages: Manifest.stage("one", stage, pod: "terminationGracePeriodSeconds: 20")
        ) { _, _, records, submitted in
            #expect(submitted.status == 0, "\(submitted)")
            let follower = try records.start("logs", "run", "one", "-f")
            try await follower.printed("begun\n")
            #expect(try await records.run("cancel", "run").status == 0)
            _ = await follower.status()
            try await eventually("the log is kept", every: .milliseconds(200)) {
                try await records.run("logs", "run", "one").output == "begun\nstopped\n"
            }
        }
    }

    /// Runs `body` after `run` of those stages has been submitted, beside an operator that keeps records, with a command line
    /// that reads them.
    private func submit(
        _ options: String..., stages: String...,
        body: (Scene, OperatorPod, ReportCTL, _ submitted: ReportCTL.Result) async throws -> Void
    ) async throws {
        try await Scene.play { scene in
            let uri = try await scene.keepRecords()
            let `operator` = try await scene.startOperator()
            try await scene.apply(SubmitTests.pipeline("talk", stages: stages.joined(separator: ", ")))
            var records = ReportCTL(scene)
            records.environment = ["MONGODB_URI": uri]
            let submitted = try await records.run(
                ["submit", "talk", "-p", "period=2026-10", "--name", "run"] + options)
            try await body(scene, `operator`, records, submitted)
        }
    }
}
