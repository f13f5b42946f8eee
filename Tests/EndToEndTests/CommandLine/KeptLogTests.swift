import ClusterSupport
import Foundation
import KubernetesModel
import ReportAPI
import Testing

/// What stages printed is there when their pods are gone.
@Suite(.needsCluster, .besideOthers)
struct KeptLogTests {
    @Test func logsAreReadAfterTheirPodsAreDeletedAndTheRequestIsToo() async throws {
        try await Scene.play { scene in
            let uri = try #require(ProcessInfo.processInfo.environment["REPORT_TEST_MONGODB_URI_FOR_PODS"])
            try await scene.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: report-operator-mongodb}
                stringData: {uri: \(Manifest.quoted(uri))}
                """)
            let `operator` = try await scene.startOperator()
            try await scene.apply(
                SubmitTests.pipeline(
                    "talk", stages: Manifest.stage("one", "echo a; echo; echo b"),
                    // More than is kept.
                    Manifest.stage("two", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 4")))
            var reportctl = ReportCTL(scene)
            let submitted = try await reportctl.run("submit", "talk", "-p", "period=2026-10", "--name", "run", "--wait")
            #expect(submitted.status == 1, "\(submitted)")
            let live = try await reportctl.run("logs", "run", "one")
            #expect(live.output == "a\n\nb\n", "\(live)")
            let whole = try await reportctl.run("logs", "run", "two").output
            #expect(whole.hasPrefix("line 0\n"))

            try await eventually("both logs are kept", every: .milliseconds(200)) {
                await `operator`.log().components(separatedBy: "Kept a stage's log").count > 2
            }
            try await scene.kubectl("delete", "pods", "-l", ReportsAPI.Label.requestUID)
            reportctl.environment = ["MONGODB_URI": ""]
            let nowhere = try await reportctl.run("logs", "run", "one", "--operator-namespace", "nowhere")
            #expect(nowhere.status == 4 && nowhere.errors.contains("the record can't be asked"), "\(nowhere)")
            reportctl.environment = ["MONGODB_URI": uri]
            let one = try await reportctl.run("logs", "run", "one")
            #expect(one.status == 0 && one.output == "a\n\nb\n", "\(one)")
            let two = try await reportctl.run("logs", "run", "two")
            #expect(two.output.hasSuffix("line 19999\n") && whole.hasSuffix(two.output))
            #expect(two.output.utf8.count <= 65536 && two.output.utf8.count > 65536 - 12)
            #expect(two.errors.contains("the last 64 KiB are kept"), "\(two.errors)")
            #expect(try await reportctl.run("logs", "run", "two", "--tail", "1").output == "line 19999\n")
            let all = try await reportctl.run("logs", "run", "--tail", "2")
            #expect(all.output == "one | \none | b\ntwo | line 19998\ntwo | line 19999\n", "\(all)")

            try await scene.kubectl("delete", "reportrequest", "run", "--timeout=60s")
            #expect(try await reportctl.run("logs", "run", "one").output == "a\n\nb\n")
        }
    }

    /// What a stage prints on its way out.
    @Test func aCancelledStagesLastWordsAreKept() async throws {
        try await Scene.play { scene in
            let uri = try #require(ProcessInfo.processInfo.environment["REPORT_TEST_MONGODB_URI_FOR_PODS"])
            try await scene.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: report-operator-mongodb}
                stringData: {uri: \(Manifest.quoted(uri))}
                """)
            try await scene.startOperator()
            let stage = "trap 'echo stopped; sleep 1; exit 1' TERM; echo begun; while :; do sleep 0.1; done"
            try await scene.apply(
                SubmitTests.pipeline(
                    "talk", stages: Manifest.stage("one", stage, pod: "terminationGracePeriodSeconds: 20")))
            var reportctl = ReportCTL(scene)
            reportctl.environment = ["MONGODB_URI": uri]
            #expect(try await reportctl.run("submit", "talk", "-p", "period=2026-10", "--name", "run").status == 0)
            let follower = try reportctl.start("logs", "run", "one", "-f")
            try await follower.printed("begun\n")
            #expect(try await reportctl.run("cancel", "run").status == 0)
            _ = await follower.status()
            let records = reportctl
            try await eventually("the log is kept", every: .milliseconds(200)) {
                try await records.run("logs", "run", "one").output == "begun\nstopped\n"
            }
        }
    }
}
