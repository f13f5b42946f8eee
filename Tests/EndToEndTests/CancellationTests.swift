import KubernetesModel
import ReportAPI
import Testing

/// A run is over only when no pod of it runs any more.
@Suite(.needsCluster, .besideOthers)
struct CancellationTests {
    private static let stubborn = "terminationGracePeriodSeconds: 5"

    @Test func cancelledRunIsCancellingUntilItsPodIsKilled() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.request(
                    "run", stages: Manifest.held("work", pod: Self.stubborn), Manifest.stage("next", "true")))
            let pod = try await scene.runningPod("work", of: "run").metadata.name
            let begin = try await scene.version()
            async let gone = scene.version(of: Pod.self, pod, after: begin, "gone") { $0?.hasEnded ?? true }
            async let told = scene.version(of: Pod.self, pod, after: begin, "told to end") {
                $0?.metadata.isDeleting ?? true
            }
            async let cancelling = scene.version(of: ReportRequest.self, "run", after: begin, "Cancelling") {
                $0?.status?.phase == .cancelling && $0?.status?.condition(.failed) == nil
            }
            async let over = scene.version(of: ReportRequest.self, "run", after: begin, "over") {
                $0?.status?.isTerminal ?? true
            }
            try await scene.cancel("run")

            // It leaves SIGTERM alone, so it is there until its grace period is over, however long the node takes then.
            let order = try await [cancelling, told, gone, over]
            for (earlier, later) in zip(order, order.dropFirst()) {
                #expect(ResourceVersion.isOlder(earlier, than: later), "cancelling, told, gone, over: \(order)")
            }
            #expect(try await scene.livePods().isEmpty)
            let status = try await scene.end(of: "run")
            #expect(status.phase == .cancelled)
            #expect(status.reason == Reason.cancelledByUser)
            #expect(status.stagePhases == [.cancelled, .skipped])
            #expect(status.message?.hasPrefix("cancelled while work ran") ?? false, "\(status.message ?? "")")
            #expect(try await scene.jobs().isEmpty)
        }
    }

    /// To Kubernetes before 1.31 the Job of a program that tidies up when it is told to stop, and ends with 0, is Complete.
    @Test func aStageThatEndsWithZeroWhenItIsStoppedIsCancelledAndRunsAgain() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let tidies =
                "test $REPORT_ATTEMPT = 2 && exit; trap 'echo tidied; exit 0' TERM; while :; do sleep 1; done"
            try await scene.apply(
                Manifest.request("run", stages: Manifest.stage("work", tidies), Manifest.stage("next", "true")))
            try await scene.runningPod("work", of: "run")
            try await scene.cancel("run")
            let cancelled = try await scene.end(of: "run")
            #expect(cancelled.phase == .cancelled)
            #expect(cancelled.stagePhases == [.cancelled, .skipped], "\(cancelled.stages ?? [])")
            #expect(cancelled.message?.hasPrefix("cancelled while work ran") ?? false, "\(cancelled.message ?? "")")
            try await scene.kubectl(
                "patch", "reportrequest", "run", "--type=merge", "-p", #"{"spec":{"cancel":false,"attempt":2}}"#)
            let done = try await scene.status(of: "run", "over again") { $0.attempt == 2 && $0.isTerminal }
            #expect(done.phase == .succeeded, "\(done.message ?? "")")
            #expect(done.stages?.map(\.attempt) == [2, 2])
        }
    }

    @Test func requestCancelledBeforeItsTurnStartsNothing() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let key = "concurrency: {key: erp}"
            try await scene.apply(Manifest.request("first", pipeline: key, stages: Manifest.held("work")))
            try await scene.runningPod("work", of: "first")
            try await scene.apply(Manifest.request("second", pipeline: key, stages: Manifest.stage("work", "true")))
            try await scene.status(of: "second", "Queued") { $0.reason == Reason.waitingForTurn }
            try await scene.cancel("second")
            let status = try await scene.end(of: "second")
            #expect(status.phase == .cancelled)
            #expect(try await scene.jobs().count == 1)
        }
    }

    @Test func deletedRequestKeepsItsPlaceInTheQueueUntilItsPodIsGone() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let key = "concurrency: {key: erp}"
            try await scene.apply(
                Manifest.request("first", pipeline: key, stages: Manifest.held("work", pod: Self.stubborn)))
            let pod = try await scene.runningPod("work", of: "first")
            try await scene.apply(Manifest.request("second", pipeline: key, stages: Manifest.held("work")))
            try await scene.status(of: "second", "Queued") { $0.reason == Reason.waitingForTurn }

            let begin = try await scene.version()
            async let gone = scene.version(of: Pod.self, pod.metadata.name, after: begin, "gone") {
                $0?.hasEnded ?? true
            }
            async let running = scene.version(of: ReportRequest.self, "second", after: begin, "Running") {
                $0?.status?.phase == .running
            }
            try await scene.kubectl("delete", "reportrequest", "first")
            let order = try await (gone, running)
            #expect(
                ResourceVersion.isOlder(order.0, than: order.1), "the pod was gone, and then the next ran: \(order)")
            let rest = try await scene.livePods().filter { $0.metadata.labels[ReportsAPI.Label.request] == "first" }
            #expect(rest.isEmpty)
            try await scene.release("work", of: "second")
            #expect(try await scene.end(of: "second").phase == .succeeded)
            #expect(try await scene.jobs().count == 1)
        }
    }
}
