import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// From asking for a report to its end, with the exit codes that scripts go by.
@Suite(.needsCluster, .besideOthers)
struct SubmitTests {
    static func pipeline(_ name: String = "books", stages: String...) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: \(name)}
        spec:
          title: The books
          parameters:
          - {name: period, type: month, required: true}
          - {name: code, type: integer, default: 0}
          stages: [\(stages.joined(separator: ", "))]

        """
    }

    static let books = pipeline(
        stages: Manifest.stage("extract", "echo extracting $REPORT_PARAM_PERIOD"),
        Manifest.stage(
            "check", "echo checking attempt $REPORT_ATTEMPT; [ $REPORT_ATTEMPT -gt 1 ] || exit $REPORT_PARAM_CODE"))

    @Test func aRunIsWaitedForAndItsExitCodeSaysHowItEnded() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.books)
            let reportctl = ReportCTL(scene)

            let good = try await reportctl.run(
                "submit", "books", "-p", "period=2026-10", "--wait", "--name", "good",
                "--requester", "Dana Reyes <dana@example.com>")
            #expect(good.status == 0, "\(good)")
            #expect(good.output.hasPrefix("reportrequest.reports.ers.dev/good created\n"))
            #expect(good.output.contains(/extract +Succeeded/) && good.output.contains(/good +Succeeded/), "\(good)")
            let request = try await scene.cluster.client.get(
                ReportRequest.self, name: "good", namespace: scene.namespace)
            #expect(request.spec.value?.requester == .init(name: "Dana Reyes", email: "dana@example.com"))

            let bad = try await reportctl.run(
                "submit", "books", "-p", "period=2026-10", "-p", "code=65", "--wait", "--name", "bad")
            #expect(bad.status == 1, "\(bad)")
            #expect(bad.output.contains(/check +Failed .*ExitCode 65/), "\(bad)")
            #expect(bad.errors.contains("reportctl retry bad -n \(scene.namespace)"), "\(bad)")

            let again = try await reportctl.run("retry", "bad", "--follow")
            #expect(again.status == 0, "\(again)")
            #expect(again.output == "check   | checking attempt 2\n")
            #expect(again.errors.contains("bad begins attempt 2\n"), "\(again)")
            let described = try await reportctl.run("describe", "bad")
            #expect(
                described.output.contains(/Attempt: +2/) && described.output.contains("Attempts before"), "\(described)"
            )
            #expect(try await reportctl.run("retry", "bad").status == 4)
            #expect(try await reportctl.run("cancel", "bad").status == 4)
        }
    }

    @Test func withoutANameEachRequestHasOneOfItsOwn() async throws {
        try await Scene.play { scene in
            try await scene.apply(Self.books)
            let reportctl = ReportCTL(scene)
            var names: Set<String> = []
            for _ in 0..<3 {
                let made = try await reportctl.run("submit", "books", "-p", "period=2026-10", "-o", "name")
                #expect(made.status == 0, "\(made)")
                names.insert(made.output)
            }
            #expect(names.count == 3)
            #expect(
                names.allSatisfy { $0.contains(/^reportrequest\.reports\.ers\.dev\/books-[a-z0-9]{5}\n$/) }, "\(names)")
            let listed = try await reportctl.run("list", "-o", "name")
            #expect(Set(listed.output.split(separator: "\n").map { "\($0)\n" }) == names)
            let taken = try await reportctl.run("submit", "books", "-p", "period=2026-09", "--name", "one")
            #expect(taken.status == 0)
            #expect(try await reportctl.run("submit", "books", "-p", "period=2026-10", "--name", "one").status == 2)
        }
    }

    @Test func aTraceGoesOnInItsStages() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let say = #"echo "${TRACEPARENT:-none}""#
            try await scene.apply(
                Self.pipeline("traced", stages: Manifest.stage("one", say), Manifest.stage("two", say)))
            var reportctl = ReportCTL(scene)
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            for (name, variable, said) in [("in", trace, trace), ("out", "", "none"), ("odd", "00-1-2-3", "none")] {
                reportctl.environment = ["TRACEPARENT": variable]
                let run = try await reportctl.run(
                    "submit", "traced", "-p", "period=2026-10", "--name", name, "--wait", "--yes")
                #expect(run.status == 0, "\(run)")
                let logs = try await reportctl.run("logs", name)
                #expect(logs.output == "one | \(said)\ntwo | \(said)\n", "\(logs)")
            }
        }
    }

    @Test func mistakesAreNamedBeforeAnythingIsMade() async throws {
        try await Scene.play { scene in
            try await scene.apply(Self.books)
            let reportctl = ReportCTL(scene)
            for (arguments, message) in [
                (["submit", "nothing"], "there is no report pipeline \"nothing\""),
                (["submit", "books"], "-p period: is required"),
                (["submit", "books", "-p", "period=2026-13"], "\"2026-13\" is not a month"),
                (["submit", "books", "-p", "period=2026-10", "-p", "x=1"], "the pipeline takes period, code"),
                (["submit", "books", "-p", "period"], "must be NAME=VALUE"),
                (["submit"], "Missing expected argument"),
                (["submit", "books", "--name", "Bad_Name", "--dry-run"], "\"Bad_Name\" is not the name of a request"),
                (["submit", "books", "--ttl", "-5"], "\"-5\" is not a length of time"),
                (["submit", "books", "--format", "doc"], "See 'reportctl submit --help'"),
                (["list", "--phase", "Gone"], "is not one of Queued"),
                (["history", "--since", "yesterday"], "is not a time"),
            ] {
                let result = try await Command.result([ReportCTL.binary.path] + arguments + reportctl.place)
                #expect(result.status == 2, "\(arguments): \(result)")
                #expect(result.errors.contains(message), "\(arguments): \(result)")
                #expect(result.output.isEmpty)
            }
            let unknown = try await ReportCTL(place: []).run("frobnicate")
            #expect(unknown.status == 2 && unknown.errors.contains("Unexpected argument 'frobnicate'"), "\(unknown)")
            let missing = try await reportctl.run("describe", "nothing")
            #expect(missing.status == 4 && missing.errors.contains("reportctl history --name nothing"), "\(missing)")
            #expect(try await scene.cluster.client.list(ReportRequest.self, namespace: scene.namespace).items.isEmpty)
        }
    }

    @Test func aRunIsCancelledAndSaysSo() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.pipeline("long", stages: Manifest.held("wait"), Manifest.stage("never", "true")))
            let reportctl = ReportCTL(scene)
            let waiting = try reportctl.start("submit", "long", "-p", "period=2026-10", "--name", "run", "--wait")
            try await scene.runningPod("wait", of: "run")
            let cancelled = try await reportctl.run("cancel", "run", "--wait")
            #expect(cancelled.status == 0, "\(cancelled)")
            #expect(cancelled.output.contains(/run +Cancelled/), "\(cancelled)")
            #expect(await waiting.status() == 3)
            #expect(try await reportctl.run("watch", "run").status == 3)
            #expect(try await reportctl.run("logs", "run").status == 4)
        }
    }

    @Test func interruptingTheWatchingLeavesTheRunAlone() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.pipeline("long", stages: Manifest.held("wait")))
            let reportctl = ReportCTL(scene)
            let waiting = try reportctl.start(
                "submit", "long", "-p", "period=2026-10", "--name", "run", "--follow")
            try await scene.runningPod("wait", of: "run")
            try await waiting.printed("wait  Running")
            try waiting.interrupt()
            #expect(await waiting.status() == 130, "\(waiting.errors)")
            #expect(waiting.errors.contains("The run continues"))
            #expect(waiting.errors.contains("reportctl cancel run"))
            try await scene.release("wait", of: "run")
            #expect(try await scene.end(of: "run").phase == .succeeded)
        }
    }
}
