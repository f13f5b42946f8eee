import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// Schedules by the cluster's own CronJob controller, with minutes that truly come. They share these minutes.
@Suite(.needsCluster, .mostlyWaiting)
struct ScheduleTests {
    private static let everyMinute = "* * * * *"

    @Test func aMinuteThatComesBecomesAReport() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.schedule(
                    "tick", at: Self.everyMinute, "concurrencyPolicy: Allow", parameters: #"{at: "{time}"}"#,
                    stages: Manifest.stage("show", "echo for $REPORT_PARAM_AT")))
            let request = try await scene.requests(of: "tick", count: 1)[0]
            let name = request.metadata.name
            let status = try await scene.end(of: name)
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            try await scene.waitUntilTickIsGone(name)
            let schedule = try await scene.schedule("tick", "tells of it") {
                $0.lastSuccessfulTime != nil && $0.lastScheduleTime != nil
            }
            let log = try await scene.log("show", of: status)
            let minute = try #require(Timestamp(String(log.dropFirst("for ".count).prefix { $0 != "\n" })))
            #expect(minute.seconds % 60 == 0 && minute <= schedule.status?.lastScheduleTime ?? minute)
            let lateness = try #require(request.metadata.creationTimestamp).seconds - minute.seconds
            #expect((0..<90).contains(lateness), "\(lateness) s")
            let pods = try await scene.cluster.client.list(Pod.self, namespace: scene.namespace).items
            #expect(pods.allSatisfy { $0.metadata.labels["job-name"] != name }, "a tick has a pod")
            let creations = try AuditLog.ofEnvironment().creations(of: "reportrequests", in: scene.namespace)
            #expect(!creations.isEmpty && creations.values.allSatisfy { $0 == 1 }, "\(creations)")
        }
    }

    @Test func suspendedScheduleIsRunAtOnceByKubectl() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.schedule(
                    "paused", at: Self.everyMinute, "suspend: true", stages: Manifest.stage("only", "true")))
            try await scene.settledSchedule("paused")
            try await scene.cluster.runNow("paused", as: "now", in: scene.namespace)
            let status = try await scene.end(of: "now")
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            try await scene.waitUntilTickIsGone("now")
            let told = try await scene.schedule("paused", "tells of it") {
                $0.lastSuccessfulTime != nil && $0.activeCount == 0
            }
            #expect(told.status?.lastScheduleTime == nil)
            #expect(told.status?.ready?.reason == Reason.suspended)
            #expect(try await scene.requests(of: "paused", count: 1).map(\.metadata.name) == ["now"])
        }
    }

    /// Another schedule shows that the next minute has come. When the run has ended, Kubernetes makes up for the last minute
    /// that it skipped.
    @Test func forbiddenMinuteIsSkippedWhileTheRunGoesOn() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.schedule("held", at: Self.everyMinute, stages: Manifest.held("work"))
                    + "---\n"
                    + Manifest.schedule(
                        "witness", at: Self.everyMinute, "concurrencyPolicy: Allow",
                        stages: Manifest.stage("only", "true")))
            let first = try await scene.requests(of: "held", count: 1)[0].metadata
            try await scene.runningPod("work", of: first.name)
            let minute = try #require(
                try await scene.schedule("held", "has ticked") { $0.lastScheduleTime != nil }.status?.lastScheduleTime)
            try await scene.schedule("witness", within: Scene.twoTicks, "at the next minute") {
                $0.lastScheduleTime.map { $0 > minute } ?? false
            }
            // The controller looks at all CronJobs in one go: what was due is made by then, or skipped.
            #expect(try await scene.requests(of: "held", count: 1).map(\.metadata.uid) == [first.uid])
            #expect(try await scene.ticks(of: "held").map(\.metadata.name) == [first.name])
            #expect(try await scene.schedule("held", "there") { _ in true }.status?.lastScheduleTime == minute)

            try await scene.release("work", of: first.name)
            #expect(try await scene.end(of: first.name).phase == .succeeded)
            try await scene.waitUntilTickIsGone(first.name)
            let next = try await scene.requests(of: "held", count: 2)[1].metadata.name
            try await scene.patchSchedule("held", #"{"spec": {"suspend": true}}"#)
            try await scene.release("work", of: next)
            #expect(try await scene.end(of: next).phase == .succeeded)
        }
    }

    @Test func nextMinuteReplacesTheRunThatGoesOn() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.schedule(
                    "fresh", at: Self.everyMinute, "concurrencyPolicy: Replace", stages: Manifest.held("work")))
            let old = try await scene.requests(of: "fresh", count: 1)[0].metadata.name
            try await scene.runningPod("work", of: old)
            let new = try await scene.requests(of: "fresh", count: 2)[1].metadata.name
            try await scene.patchSchedule("fresh", #"{"spec": {"suspend": true}}"#)
            let replaced = try await scene.end(of: old)
            #expect(replaced.phase == .cancelled)
            #expect(replaced.reason == Reason.replaced)
            try await scene.runningPod("work", of: new)
            let pods = try await scene.livePods()
            #expect(pods.allSatisfy { $0.metadata.labels[ReportsAPI.Label.request] == new })
            try await scene.release("work", of: new)
            #expect(try await scene.end(of: new).phase == .succeeded)
            try await scene.waitUntilTickIsGone(new)
        }
    }

    @Test func deletedScheduleLeavesItsRunToFinish() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.schedule("gone", stages: Manifest.held("one"), Manifest.stage("two", "true")))
            try await scene.settledSchedule("gone")
            try await scene.cluster.runNow("gone", as: "last", in: scene.namespace)
            try await scene.runningPod("one", of: "last")
            try await scene.kubectl("delete", "reportschedule", "gone")
            try await scene.waitUntilTickIsGone("last")
            try await scene.cluster.wait(forCronJob: "gone", in: scene.namespace, "gone") { $0 == nil }
            try await scene.release("one", of: "last")
            let status = try await scene.end(of: "last")
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            #expect(status.stagePhases == [.succeeded, .succeeded])
        }
    }

    @Test func editsAndDriftLeaveTheRunThatGoesOn() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.schedule("edited", parameters: "{at: before}", stages: Manifest.held("work")))
            try await scene.settledSchedule("edited")
            try await scene.cluster.runNow("edited", as: "first", in: scene.namespace)
            try await scene.runningPod("work", of: "first")
            try await scene.patchSchedule(
                "edited", #"{"spec": {"schedule": "5 4 3 2 *", "request": {"spec": {"parameters": {"at": "after"}}}}}"#)
            let edited = try await scene.cluster.wait(forCronJob: "edited", in: scene.namespace, "edited") {
                $0?["spec"]?["schedule"] == .string("5 4 3 2 *")
            }
            try await scene.settledSchedule("edited")
            try await scene.kubectl(
                "patch", "cronjob", "edited", "--type=merge", "-p",
                #"{"spec": {"suspend": true, "schedule": "1 1 1 1 *", "concurrencyPolicy": "Replace"}}"#)
            let back = try await scene.cluster.wait(forCronJob: "edited", in: scene.namespace, "put back") {
                $0?["spec"] == edited["spec"]
            }
            #expect(back["metadata"]?["uid"] == edited["metadata"]?["uid"])

            try await scene.cluster.runNow("edited", as: "second", in: scene.namespace)
            try await scene.status(of: "second", "Queued") { $0.reason == Reason.waitingForTurn }
            try await scene.release("work", of: "first")
            #expect(try await scene.end(of: "first").phase == .succeeded)
            try await scene.release("work", of: "second")
            #expect(try await scene.end(of: "second").phase == .succeeded)
            let parameters = try await scene.requests(of: "edited", count: 2).map {
                $0.spec.value?.parameters?["at"]?.string
            }
            #expect(parameters == ["before", "after"])
        }
    }
}
