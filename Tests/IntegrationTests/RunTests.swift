import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportPlanning
import ServiceSupport
import Testing

/// Whole runs, from the request to its end.
@Suite struct RunTests {
    @Test func threeStagesRunOneAfterAnotherAndTheRunSucceeds() async throws {
        try await TestBed.run { bed in
            let pipeline = try await bed.createPipeline(stages: ["extract", "transform", "publish"])
            try await bed.waitUntilOperatorHas(pipeline)
            let request = try await bed.createRequest()
            try await bed.cluster.kubectl(
                "wait", "-n", bed.namespace, "--for=condition=Complete", "--timeout=60s", "rr/run")

            let done = try await bed.wait(phase: .succeeded)
            #expect(done.status?.message == "all 3 stages succeeded")
            #expect(done.status?.reason == Reason.completed)
            #expect(done.status?.stage == "3/3")
            #expect(done.status?.pipelineName == "report")
            #expect(done.status?.observedGeneration == done.metadata.generation)
            #expect(done.stagePhases == [.succeeded, .succeeded, .succeeded])
            #expect(done.condition(.accepted)?.isTrue == true)
            #expect(done.condition(.complete)?.isTrue == true)
            #expect(done.condition(.failed) == nil)
            #expect(done.status?.duration?.isEmpty == false)

            try await eventually("its end is told as an event") {
                let told = try await bed.cluster.kubectl("describe", "-n", bed.namespace, "rr/run")
                return told.split(separator: "\n").contains {
                    $0.contains("Normal") && $0.contains("all 3 stages succeeded")
                }
            }

            let jobs = try await bed.jobs()
            #expect(jobs.count == 3)
            for job in jobs {
                let stage = try #require(job.metadata.labels[ReportsAPI.Label.stage])
                #expect(done.stage(stage)?.job == job.metadata.name)
                #expect(job.metadata.controller?.uid == request.metadata.uid)
                #expect(job.metadata.controller?.kind == "ReportRequest")
                #expect(job.metadata.controller?.blockOwnerDeletion == true)
                #expect(job.metadata.labels[ReportsAPI.Label.managedBy] == ReportsAPI.manager)
                #expect(job.metadata.labels[ReportsAPI.Label.requestUID] == request.metadata.uid)
                #expect(job.metadata.labels[ReportsAPI.Label.attempt] == "1")
            }
            let order = ["extract", "transform", "publish"].compactMap { stage in
                jobs.first { $0.metadata.labels[ReportsAPI.Label.stage] == stage }
            }
            // Of a Job's pod: its own word comes a second later, and nobody waits for it.
            let pods = try await bed.cluster.client.list(Pod.self, namespace: bed.namespace).items
            for (earlier, later) in zip(order, order.dropFirst()) {
                let pod = try #require(pods.first { $0.isOwned(by: earlier) })
                let end = try #require(pod.status?.containerStatuses?.first?.state?.terminated?.finishedAt)
                let start = try #require(later.metadata.creationTimestamp)
                #expect(end <= start, "a stage began before the one that it depends on had ended")
            }
            #expect(try bed.jobCreations().values.sorted() == [1, 1, 1])

            // One for the mark, which goes along with the record's finalizer where there is MongoDB, and one for the pipeline's status.
            #expect(bed.operator.requests.writes <= 2 * 3 + 5, "\(bed.operator.requests.summary)")
            // Eight caches are filled once and then kept by watches; a run reads nothing.
            #expect(bed.operator.requests.gets == 0, "\(bed.operator.requests.summary)")
            // (A watch that the server breaks off is begun again, and the log says so.)
            let again = bed.operator.log.all.filter { $0.contains("Listed objects") && !$0.contains("because=start") }
            #expect(bed.operator.requests.lists == 8 + again.count, "\(bed.operator.requests.summary) \(again)")
            #expect(bed.operator.requests.watches >= 8, "\(bed.operator.requests.summary)")
        }
    }

    @Test func nothingIsWrittenForARunThatIsOver() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let done = try await bed.wait(phase: .succeeded)
            try await bed.patchRequest("run", "metadata: {labels: {touched: 'yes'}}")
            let touched = try await bed.wait("touched") { $0.metadata.labels["touched"] == "yes" }
            // A later request's fault shows that the queue has come past the touched one.
            try await bed.createRequest("wrong", more: "{parameters: {unknown: 1}}")
            try await bed.wait(for: "wrong", phase: .failed)
            let now = try await bed.wait("touched") { $0.metadata.labels["touched"] == "yes" }
            #expect(now.metadata.resourceVersion == touched.metadata.resourceVersion)
            #expect(now.status == done.status)
        }
    }

    @Test func parallelStagesRunSideBySideAndTheLastWaitsForBoth() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(
                more: """
                    stages:
                    - {name: start, image: a}
                    - {name: left, image: a, dependsOn: [start]}
                    - {name: right, image: a, dependsOn: [start]}
                    - {name: end, image: a, dependsOn: [left, right]}
                    """)
            try await bed.createRequest()
            try await bed.kubelet.end(bed.pod(of: "start"), exitCode: 0)
            let left = try await bed.pod(of: "left")
            let right = try await bed.pod(of: "right")
            let both = try await bed.wait("both run") {
                $0.stage("left")?.phase == .running && $0.stage("right")?.phase == .running
            }
            #expect(both.status?.stage == "2/4 left, right")
            try await bed.kubelet.end(left, exitCode: 0)
            let half = try await bed.wait("left is done") { $0.stage("left")?.phase == .succeeded }
            #expect(half.stage("end")?.phase == .pending)
            try await bed.kubelet.end(right, exitCode: 0)
            try await bed.kubelet.end(bed.pod(of: "end"), exitCode: 0)
            try await bed.wait(phase: .succeeded)
            #expect(try bed.jobCreations().values.reduce(0, +) == 4)
        }
    }

    @Test func theWorkspaceOfARunThatSucceededGoesWhenItsTimeIsOver() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(more: "{workspace: {size: 1Mi, keep: 1s}}")
            let request = try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            let claim = try #require(
                try await bed.cluster.client.list(PersistentVolumeClaim.self, namespace: bed.namespace).items.first)
            #expect(claim.metadata.controller?.uid == request.metadata.uid && !claim.metadata.isDeleting)
            try await bed.kubelet.end(pod, exitCode: 0)
            let done = try await bed.wait("says that its workspace is deleted") {
                $0.status?.workspaceDeletedAt != nil
            }
            #expect(done.status?.phase == .succeeded)
            let deletedAt = try #require(done.status?.workspaceDeletedAt)
            let end = try #require(done.status?.completedAt)
            #expect(deletedAt > end)
            // What protects volumes that are in use may hold it a little longer.
            let rest = try await bed.cluster.client.list(PersistentVolumeClaim.self, namespace: bed.namespace).items
            #expect(rest.allSatisfy { $0.metadata.name == claim.metadata.name && $0.metadata.isDeleting }, "\(rest)")
            // The run itself stays.
            #expect(try await bed.jobs().count == 1)
        }
    }

    @Test func fiftyStagesRunInARow() async throws {
        try await TestBed.run { bed in
            let pipeline = try await bed.createPipeline(stages: (1...50).map { "stage-\($0)" })
            try await bed.waitUntilOperatorHas(pipeline)
            try await bed.createRequest()
            let done = try await bed.wait(within: .seconds(170), phase: .succeeded)
            #expect(done.stagePhases.count == 50)
            #expect(try bed.jobCreations().count == 50)
            #expect(bed.operator.requests.writes <= 2 * 50 + 5, "\(bed.operator.requests.summary)")
        }
    }

    @Test(arguments: [
        String(repeating: "a", count: 253),
        "a.b-c.d",
        (["x"] + Array(repeating: "y.", count: 100)).joined() + "z",
        String(repeating: "b", count: 61) + "." + String(repeating: "c", count: 61),
    ])
    func anyNameThatARequestMayHaveRuns(_ name: String) async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(stages: [String(repeating: "s", count: 63)])
            try await bed.createRequest(name)
            let done = try await bed.wait(for: name, phase: .succeeded)
            let job = try #require(try await bed.jobs().first)
            #expect(job.metadata.name == done.status?.stages?.first?.job)
            #expect(job.metadata.name.utf8.count <= 63)
        }
    }
}
