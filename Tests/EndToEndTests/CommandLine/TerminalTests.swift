import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// What differs between a person's terminal and a script's pipe.
@Suite(.needsCluster, .besideOthers)
struct TerminalTests {
    @Test func aTerminalGetsBarsAndColoursAndAPipeGetsLines() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(SubmitTests.books)
            let reportctl = ReportCTL(scene)
            let drawn = try await reportctl.runInTerminal(
                "submit", "books", "-p", "period=2026-10", "--wait", "--name", "first")
            #expect(drawn.status == 0, "\(drawn)")
            #expect(drawn.output.contains("\u{1B}[32mSucceeded\u{1B}[0m"), "\(drawn.output)")
            // Drawn again in its place, with a full bar at the end.
            #expect(drawn.output.contains(/\u{1B}\[[0-9]+A\u{1B}\[J/), "\(drawn.output)")
            #expect(drawn.output.contains("████████████████"), "\(drawn.output)")

            let plain = try await reportctl.run("watch", "first")
            #expect(plain.status == 0)
            #expect(!plain.output.contains("\u{1B}"))
            let lines = plain.output.split(separator: "\n")
            #expect(lines.count == 6, "\(plain)")
            #expect(lines.allSatisfy { $0.contains(#/^20[0-9-]{8}T[0-9:]{8}Z  /#) }, "\(plain)")

            let listed = try await reportctl.runInTerminal("list")
            #expect(listed.output.contains("\u{1B}[32mSucceeded\u{1B}[0m"), "\(listed)")
            let colourless = try await reportctl.runInTerminal("list", variables: ["NO_COLOR": "1"])
            #expect(!colourless.output.contains("\u{1B}") && colourless.output.contains("Succeeded"), "\(colourless)")
        }
    }

    @Test func theTableIsTheServers() async throws {
        try await Scene.play { scene in
            try await scene.apply(SubmitTests.books)
            let reportctl = ReportCTL(scene)
            _ = try await reportctl.run("submit", "books", "-p", "period=2026-10", "--name", "one")
            for wide in [[], ["-o", "wide"]] {
                let theirs = try await Command.run(
                    ["kubectl", "-n", scene.namespace, "get", "reportrequests"] + wide)
                let ours = try await reportctl.run(["list"] + wide)
                #expect(Self.columns(ours.output) == Self.columns(theirs))
            }
            let json = try await reportctl.run("list", "-o", "json").output
            let list = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            #expect((list["items"] as? [Any])?.count == 1)
            #expect(try await reportctl.run("describe", "one", "-o", "yaml").output.contains("kind: ReportRequest"))
            let context = try await Command.run(["kubectl", "config", "current-context"])
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let everywhere = ReportCTL(place: ["-A", "--context", context])
            #expect(try await everywhere.run("list").output.contains(scene.namespace))
            #expect(try await everywhere.run("list", "-o", "yaml").output.contains("namespace: \(scene.namespace)"))
        }
    }

    /// The words of the first line.
    private static func columns(_ table: String) -> [Substring] {
        table.prefix { $0 != "\n" }.split(separator: " ")
    }

    @Test func pipelinesAndTheQueueAreShown() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(SubmitTests.pipeline("long", stages: Manifest.held("wait")))
            let reportctl = ReportCTL(scene)
            #expect(try await reportctl.run("pipelines").output.contains(/long +The books +period=MONTH \[code=0\] +1/))
            let one = try await reportctl.run("pipelines", "long")
            #expect(one.errors.contains("reportctl submit long -p period=2026-10"), "\(one)")
            for name in ["first", "second", "third"] {
                let priority = name == "third" ? "5" : "0"
                let made = try await reportctl.run(
                    "submit", "long", "-p", "period=2026-10", "--name", name, "--priority", priority)
                #expect(made.status == 0, "\(made)")
                if name == "first" { try await scene.runningPod("wait", of: "first") }
            }
            for name in ["second", "third"] { try await scene.status(of: name, "queued") { $0.phase == .queued } }
            let queue = try await reportctl.run("queue")
            #expect(queue.output.contains("long   at most 1 at once; 1 running, 2 waiting"), "\(queue)")
            #expect(
                queue.output.contains(/Running +first +0/) && queue.output.contains(/1 +third +5 .*next, after first/))
            #expect(queue.output.contains(/2 +second +0 .*behind third/), "\(queue)")
        }
    }
}
