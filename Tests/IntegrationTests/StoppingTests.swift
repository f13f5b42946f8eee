import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Synchronization
import TestSupport
import Testing

/// Runs that end before all their stages have succeeded.
@Suite struct StoppingTests {
    @Test func aCancelledRunEndsWhenItsPodsAreGoneAndResumesWhereItWas() async throws {
        let isSecondAttempt = Mutex(false)
        try await TestBed.run(fate: { pod in
            pod.stage == "two" && !isSecondAttempt.withLock { $0 } ? .runs : .succeeds
        }) { bed in
            let pipeline = try await bed.createPipeline(more: TestBed.heldStages("one", "two", "three", held: ["two"]))
            try await bed.waitUntilOperatorHas(pipeline)
            try await bed.createRequest()
            let pod = try await bed.pod(of: "two")
            try await bed.patchRequest("run", "spec: {cancel: true}")
            let cancelling = try await bed.wait(phase: .cancelling)
            #expect(cancelling.status?.reason == Reason.cancelledByUser)
            try await bed.cluster.wait(for: Pod.self, pod.metadata.name, in: bed.namespace, "is being deleted") {
                $0?.metadata.isDeleting == true
            }
            let job = try #require(cancelling.stage("two")?.job)
            let found = try await bed.cluster.client.get(Job.self, name: job, namespace: bed.namespace)
            #expect(found.metadata.isDeleting)
            #expect(found.metadata.finalizers.contains("foregroundDeletion"))
            #expect(bed.history.phases(of: "run") == [.running, .cancelling])

            try await bed.kubelet.release(pod)
            let cancelled = try await bed.wait(phase: .cancelled)
            #expect(cancelled.stagePhases == [.succeeded, .cancelled, .skipped])
            #expect(cancelled.condition(.failed)?.reason == Reason.cancelledByUser)
            #expect(cancelled.status?.message?.contains("while two ran") == true)

            isSecondAttempt.withLock { $0 = true }
            try await bed.patchRequest("run", "spec: {cancel: false, attempt: 2}")
            try await bed.kubelet.release(bed.pod(of: "two", phase: "Succeeded", attempt: 2))
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.status?.attempt == 2)
            #expect(done.status?.stages?.map(\.attempt) == [1, 2, 2])
            #expect(done.status?.previousAttempts?.map(\.phase) == [.cancelled])
            #expect(done.condition(.failed) == nil)
            #expect(done.condition(.complete)?.isTrue == true)
            let creations = try bed.jobCreations()
            #expect(creations.count == 4, "one, two twice, three: \(creations)")
            #expect(creations.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func aQueuedRequestIsCancelledAtOnce() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest("r1")
            let pod = try await bed.pod(of: "one", request: "r1")
            try await bed.createRequest("r2")
            try await bed.wait(for: "r2", phase: .queued)
            try await bed.patchRequest("r2", "spec: {cancel: true}")
            let cancelled = try await bed.wait(for: "r2", phase: .cancelled)
            #expect(cancelled.stagePhases == [.skipped])
            try await bed.kubelet.end(pod, exitCode: 0)
            try await bed.wait(for: "r1", phase: .succeeded)
            #expect(try bed.jobCreations().count == 1)
        }
    }

    @Test func aFailedStageSaysWhyAndANewAttemptResumesThere() async throws {
        let fails = Mutex(true)
        try await TestBed.run(fate: { pod in
            guard pod.stage == "two", fails.withLock({ $0 }) else { return .succeeds }
            return .fails(exitCode: 3, message: "no such table: ledger\n")
        }) { bed in
            try await bed.createPipeline(stages: ["one", "two", "three"])
            try await bed.createRequest()
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.status?.reason == Reason.stageFailed)
            #expect(failed.status?.message == "two failed: exit code 3")
            #expect(failed.status?.explanation == "two failed: exit code 3: no such table: ledger")
            #expect(failed.stagePhases == [.succeeded, .failed, .skipped])
            #expect(failed.stage("two")?.exitCode == 3)
            #expect(failed.stage("three")?.reason == Reason.dependencyFailed)
            let job = try #require(failed.stage("two")?.job)
            _ = try await bed.cluster.client.get(Job.self, name: job, namespace: bed.namespace)

            fails.withLock { $0 = false }
            try await bed.patchRequest("run", "spec: {attempt: 2}")
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.status?.stages?.map(\.attempt) == [1, 2, 2])
            #expect(try bed.jobCreations().count == 4)
        }
    }

    @Test func aFailureCancelsWhatRunsBesideItAndEndsWhenNoPodRuns() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            let pipeline = try await bed.createPipeline(
                more: """
                    stages:
                    - {name: left, image: a}
                    - {name: right, image: a, dependsOn: [], podTemplate: {metadata: {finalizers: [example.org/hold]}}}
                    - {name: after-left, image: a, dependsOn: [left]}
                    - {name: after-right, image: a, dependsOn: [right]}
                    """)
            try await bed.waitUntilOperatorHas(pipeline)
            try await bed.createRequest()
            let left = try await bed.pod(of: "left")
            let right = try await bed.pod(of: "right")
            try await bed.kubelet.end(left, exitCode: 137, message: "", reason: "OOMKilled")
            let stopping = try await bed.wait("left failed") { $0.stage("left")?.phase == .failed }
            #expect(stopping.status?.phase == .running)
            try await bed.cluster.wait(for: Pod.self, right.metadata.name, in: bed.namespace, "is being deleted") {
                $0?.metadata.isDeleting == true
            }
            #expect(bed.history.phases(of: "run") == [.running])
            try await bed.kubelet.release(right)
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.stagePhases == [.failed, .cancelled, .skipped, .skipped])
            #expect(failed.status?.message?.contains("OOMKilled") == true, "\(failed.status?.message ?? "")")
            #expect(failed.stage("after-left")?.reason == Reason.dependencyFailed)
        }
    }

    @Test func aJobThatSomebodyDeletesIsLost() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            try await bed.createRequest()
            try await bed.pod(of: "one")
            let job = try #require(try await bed.jobs().first)
            try await bed.cluster.client.delete(
                Job.self, name: job.metadata.name, namespace: bed.namespace,
                options: DeleteOptions(propagation: .background))
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.stage("one")?.reason == Reason.jobLost)
            #expect(failed.stagePhases == [.failed, .skipped])
            #expect(try bed.jobCreations().count == 1)
        }
    }

    /// The label by which the operator watches it: without that the operator would see neither the Job nor its end.
    @Test func aJobWhoseLabelSomebodyTakesOffGetsItBack() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            let request = try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            let job = try #require(try await bed.jobs().first)
            let uid = request.metadata.uid
            #expect(job.metadata.labels[ReportsAPI.Label.requestUID] == uid)
            try await bed.cluster.kubectl(
                "label", "job", job.metadata.name, "-n", bed.namespace, "\(ReportsAPI.Label.requestUID)-")
            let labelled = try await bed.cluster.wait(
                for: Job.self, job.metadata.name, in: bed.namespace, "has its label again"
            ) { $0?.metadata.labels[ReportsAPI.Label.requestUID] == uid }
            #expect(labelled?.metadata.uid == job.metadata.uid && labelled?.metadata.isDeleting == false)

            try await bed.kubelet.end(pod, exitCode: 0)
            try await bed.kubelet.end(bed.pod(of: "two"), exitCode: 0)
            try await bed.wait(phase: .succeeded)
            let phases = bed.history.phases(of: "run")
            #expect(!phases.contains(.failed) && phases.last == .succeeded, "\(phases)")
            let jobs = try bed.jobCreations()
            #expect(jobs.count == 2 && jobs.values.allSatisfy { $0 == 1 }, "\(jobs)")
        }
    }

    @Test(arguments: [DeleteOptions.Propagation.background, .foreground])
    func aDeletedRequestTakesItsJobsAndPodsAlong(_ propagation: DeleteOptions.Propagation) async throws {
        try await TestBed.run(fate: { $0.stage == "one" ? .succeeds : .runs }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            try await bed.createRequest()
            try await bed.pod(of: "two")
            try await bed.deleteRequest(propagation: propagation)
            try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
            try await bed.cluster.wait(forAll: Job.self, in: bed.namespace, "no Jobs") { $0.isEmpty }
            try await bed.cluster.wait(forAll: Pod.self, in: bed.namespace, "no pods") { $0.isEmpty }
            #expect(try bed.jobCreations().count == 2)
        }
    }

    @Test func aRequestMadeAgainUnderItsNameStartsAfresh() async throws {
        let fate = Mutex(Kubelet.Fate.runs)
        try await TestBed.run(fate: { _ in fate.withLock { $0 } }) { bed in
            try await bed.createPipeline()
            let first = try await bed.createRequest()
            try await bed.pod(of: "one")
            try await bed.deleteRequest()
            try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "is gone") { $0 == nil }
            fate.withLock { $0 = .succeeds }
            let second = try await bed.createRequest()
            #expect(first.metadata.uid != second.metadata.uid)
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.metadata.uid == second.metadata.uid)
            #expect(try bed.jobCreations().count == 2)
        }
    }

    @Test func aRequestWhoseTimeIsOverGoesByItself() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createRequest(more: "{ttlSecondsAfterFinished: 2}")
            try await bed.wait(phase: .succeeded)
            try await bed.cluster.wait(
                for: ReportRequest.self, "run", in: bed.namespace, within: .seconds(120), "is gone"
            ) { $0 == nil }
            try await bed.cluster.wait(forAll: Job.self, in: bed.namespace, "no Jobs") { $0.isEmpty }
        }
    }

    @Test func aRunThatTakesTooLongIsStopped() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(stages: ["one", "two"], more: "{timeout: 3s}")
            try await bed.createRequest()
            try await bed.pod(of: "one")
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.status?.reason == Reason.timedOut)
            #expect(failed.stagePhases == [.cancelled, .skipped])
            #expect(failed.status?.message?.contains("longer than 3s") == true)
        }
    }

    @Test func aStageThatTakesTooLongFails() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(more: "stages: [{name: one, image: a, timeout: 2s}]")
            try await bed.createRequest()
            try await bed.pod(of: "one")
            try await eventually("the stage's time is over", within: .seconds(120), every: .seconds(1)) {
                await wakeJobController(bed)
                return try await bed.jobs().allSatisfy { $0.ending != nil }
            }
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.stage("one")?.reason == "DeadlineExceeded")
            #expect(failed.status?.message?.contains("its timeout of 2s") == true)
        }
    }

    private static let withoutImage: JSONObject = [
        "containerStatuses": .array([
            .object([
                "name": "stage", "image": "nope:1", "imageID": "", "ready": .bool(false), "restartCount": .integer(0),
                "state": .object(["waiting": .object(["reason": "ErrImagePull", "message": "no such host"])]),
            ])
        ])
    ]

    /// Their pods go before their Jobs say why, and each pass of the operator may come between.
    @Test func stagesThatTakeTooLongAtOnceSayNothingElse() async throws {
        try await TestBed.run(fate: { pod in pod.stage.hasPrefix("stuck") ? .staysPending : .runs }) { bed in
            let stages = (0..<6).flatMap { ["stuck\($0)", "slow\($0)"] }
            let list = stages.map { "{name: \($0), image: a, timeout: 25s, dependsOn: []}" }.joined(separator: ", ")
            try await bed.createPipeline(more: "stages: [\(list)]")
            try await bed.createRequest()
            for stage in stages where stage.hasPrefix("stuck") {
                try await bed.kubelet.setStatus(of: bed.pod(of: stage, phase: "Pending"), Self.withoutImage)
            }
            try await bed.wait(for: "run", "tells what keeps them") { request in
                request.status?.stages?.count { $0.reason == "ImagePullBackOff" } == 6
            }
            try await eventually("the stages' time is over", within: .seconds(180), every: .seconds(1)) {
                await wakeJobController(bed)
                return try await bed.jobs().contains { $0.ending != nil }
            }
            let failed = try await bed.wait(phase: .failed)
            for stage in failed.status?.stages ?? [] {
                let message = stage.message ?? ""
                #expect(!message.contains("no pod"), "\(stage.name): \(message)")
                guard stage.phase == .failed else { continue }
                let late = "DeadlineExceeded: it did not end within its timeout of 25s"
                if stage.name.hasPrefix("stuck") {
                    #expect(message.hasPrefix("\(late); ImagePullBackOff: "), "\(stage.name): \(message)")
                } else {
                    #expect(message == late, "\(stage.name): \(message)")
                }
            }
        }
    }

    /// Kubernetes 1.20 can miss a Job's deadline: its controller looks once, and where it had an old copy of the Job it has
    /// written a second start meanwhile, and looks too early. Any change of the Job has it look again.
    private func wakeJobController(_ bed: TestBed) async {
        for job in (try? await bed.jobs()) ?? [] {
            let change: JSONValue = [
                "metadata": ["annotations": ["woken": .string("\(ContinuousClock.now)")]]
            ]
            _ = try? await bed.cluster.client.patch(
                Job.self, name: job.metadata.name, namespace: bed.namespace, merge: change)
        }
    }
}
