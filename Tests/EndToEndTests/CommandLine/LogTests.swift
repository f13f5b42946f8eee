import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// What stages print, while they run and afterwards.
@Suite(.needsCluster, .besideOthers)
struct LogTests {
    @Test func aStageIsFollowedToItsEndAndReadAgainLater() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let talking = "echo begun; until [ -e /tmp/go ]; do sleep 0.1; done; echo released"
            try await scene.apply(
                SubmitTests.pipeline(
                    "talk", stages: Manifest.stage("one", talking), Manifest.stage("two", "echo a; echo b; exit 4")))
            let reportctl = ReportCTL(scene)
            #expect(try await reportctl.run("submit", "talk", "-p", "period=2026-10", "--name", "run").status == 0)
            // Before there is a pod, or after.
            let stage = try reportctl.start("logs", "run", "one", "-f")
            let all = try reportctl.start("logs", "run", "-f")
            try await stage.printed("begun\n")
            try await scene.release("one", of: "run")
            #expect(await stage.status() == 0, "\(stage.errors)")
            #expect(stage.output == "begun\nreleased\n")
            // It ends as the run does.
            #expect(await all.status() == 1, "\(all.errors)")
            let whole = "one |  begun\none |  released\ntwo |  a\ntwo |  b\n"
            #expect(all.output == whole.replacing("|  ", with: "| "), "\(all.output)")

            let later = try await reportctl.run("logs", "run")
            #expect(later.status == 0 && later.output == all.output, "\(later)")
            #expect(try await reportctl.run("logs", "run", "two").output == "a\nb\n")
            #expect(try await reportctl.run("logs", "run", "two", "--tail", "1").output == "b\n")
            #expect(
                try await reportctl.run("logs", "run", "two", "--timestamps").output.contains(/^20.*Z a\n20.*Z b\n/))
            let none = try await reportctl.run("logs", "run", "three")
            #expect(none.status == 2 && none.errors.contains("it has one, two"), "\(none)")
        }
    }
}
