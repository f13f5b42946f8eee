import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// `watch`, of one run and of all, for people and for programs.
@Suite(.needsCluster, .besideOthers)
struct WatchTests {
    @Test func theBarsOfARunGrowInATerminal() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                SubmitTests.pipeline("long", stages: Manifest.held("wait"), Manifest.stage("end", "true")))
            let reportctl = ReportCTL(scene)
            #expect(try await reportctl.run("submit", "long", "-p", "period=2026-10", "--name", "run").status == 0)
            let watching = try reportctl.startInTerminal("watch", "run")
            try await watching.printed("\u{1B}[36mRunning\u{1B}[0m")
            // Drawn again, although nothing happens but time.
            try await watching.printed("\u{1B}[J", times: 4)
            try await scene.release("wait", of: "run")
            #expect(await watching.status() == 0, "\(watching.output)")
            let last = try #require(watching.output.components(separatedBy: "\u{1B}[J").last)
            #expect(last.contains("\u{1B}[32mSucceeded\u{1B}[0m") && !last.contains("▶"), "\(last)")
            #expect(last.components(separatedBy: "✔").count == 3, "\(last)")
        }
    }

    @Test func aRunThatNobodyHasSeenIsSaidToBeSo() async throws {
        try await Scene.play { scene in
            try await scene.apply(SubmitTests.books)
            let reportctl = ReportCTL(scene)
            #expect(try await reportctl.run("submit", "books", "-p", "period=2026-10", "--name", "run").status == 0)
            let watching = try reportctl.start("watch", "run")
            try await watching.printed("run  Created     not seen by the operator yet")
            try await scene.startOperator()
            #expect(await watching.status() == 0, "\(watching.errors)")
            #expect(watching.output.contains("run      Succeeded"), "\(watching.output)")
        }
    }

    @Test func allRunsAreWatchedAsLinesUntilInterrupted() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(SubmitTests.books)
            let reportctl = ReportCTL(scene)
            #expect(
                try await reportctl.run("submit", "books", "-p", "period=2026-10", "--name", "old", "--wait").status
                    == 0)
            let watching = try reportctl.start("watch")
            let everywhere = try ReportCTL(place: []).start("watch", "-A")
            #expect(
                try await reportctl.run("submit", "books", "-p", "period=2026-10", "--name", "new", "--wait").status
                    == 0)
            for watch in [watching, everywhere] {
                try await watch.printed("new  Succeeded")
                try watch.interrupt()
                #expect(await watch.status() == 130, "\(watch.errors)")
            }
            let lines = watching.output.split(separator: "\n")
            #expect(lines.allSatisfy { $0.contains(#/^20[0-9-]{8}T[0-9:]{8}Z  /#) }, "\(watching.output)")
            #expect(watching.output.contains(/new  Running +2\/2 check/), "\(watching.output)")
            // What was over before is no news.
            #expect(!watching.output.contains("old"), "\(watching.output)")
            #expect(everywhere.output.contains("\(scene.namespace)/new  Succeeded"))
        }
    }
}
