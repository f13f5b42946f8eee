import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import TestSupport
import Testing

/// A stage that has its pod, and the pod doesn't start or is taken away: the request says what is the matter. The test plays
/// scheduler and node.
@Suite struct StuckPodTests {
    @Test(arguments: [
        ("secret: {secretName: erp-login}", "secret \"erp-login\" not found"),
        ("configMap: {name: erp-tables}", "configmap \"erp-tables\" not found"),
    ])
    func aVolumeThatIsMissingIsNamedUntilItIsThere(source: String, words: String) async throws {
        try await TestBed.run(fate: { _ in .staysPending }) { bed in
            try await bed.createPipeline(more: TestBed.stage(pod: "volumes: [{name: erp, \(source)}]"))
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one", phase: "Pending")
            try await bed.schedule(pod)
            // The words of a node, which repeats them every two minutes.
            let said = "MountVolume.SetUp failed for volume \"erp\" : \(words)"
            try await bed.warn(of: pod, "FailedMount", said)
            let stuck = try await bed.waitUntilStuck("FailedMount")
            #expect(stuck.status?.message == "one can't start: FailedMount: \(said)")
            #expect(stuck.status?.phase == .running)

            try await bed.kubelet.setStatus(of: pod, ["phase": "Running"])
            let running = try await bed.wait("runs") { $0.status?.reason == Reason.stageRunning }
            #expect(running.stage("one")?.reason == nil && running.stage("one")?.message == nil)
            try await bed.kubelet.end(pod, exitCode: 0)
            try await bed.wait(phase: .succeeded)
        }
    }

    @Test func aSchedulerThatIsNotInstalledIsNamed() async throws {
        try await TestBed.run(fate: { _ in .staysPending }) { bed in
            try await bed.createPipeline(more: TestBed.stage(pod: "schedulerName: volcano"))
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one", phase: "Pending")
            let stuck = try await bed.waitUntilStuck(Reason.notScheduled)
            let said = stuck.status?.message ?? ""
            #expect(said.contains("pod \(pod.metadata.name) is not scheduled yet"), "\(said)")
            #expect(said.contains("the scheduler \"volcano\" is installed and runs"), "\(said)")

            try await bed.patchRequest("run", "spec: {cancel: true}")
            let cancelled = try await bed.wait(phase: .cancelled)
            #expect(cancelled.stage("one")?.message?.hasPrefix("couldn't start: ") == true)
        }
    }

    @Test func aPodThatNoNodeTakesSaysWhy() async throws {
        try await TestBed.run(fate: { _ in .staysPending }) { bed in
            try await bed.createPipeline(more: "{timeout: 20s}")
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one", phase: "Pending")
            try await bed.kubelet.setStatus(
                of: pod,
                [
                    "conditions": .array([
                        .object([
                            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                            "message": "0/3 nodes are available: 3 Insufficient memory.",
                        ])
                    ])
                ])
            let stuck = try await bed.waitUntilStuck("Unschedulable")
            #expect(
                stuck.status?.message
                    == "one can't start: Unschedulable: 0/3 nodes are available: 3 Insufficient memory.")
            // Its time runs out meanwhile.
            let ended = try await bed.wait(phase: .failed)
            #expect(ended.status?.reason == Reason.timedOut)
            #expect(ended.status?.message?.contains("3 Insufficient memory") == true, "\(ended.status?.message ?? "")")
        }
    }

    /// What Kubernetes' own controller of volumes says.
    @Test func aWorkspaceThatGetsNoVolumeIsNamed() async throws {
        try await TestBed.run(fate: { _ in .staysPending }) { bed in
            try await bed.createPipeline(more: "{workspace: {size: 1Mi, storageClassName: no-such-class}}")
            try await bed.createRequest()
            let stuck = try await bed.waitUntilStuck("ProvisioningFailed")
            let said = stuck.status?.message ?? ""
            #expect(said.contains("volume claim run-") && said.contains("\"no-such-class\" not found"), "\(said)")
        }
    }

    /// Its program may be writing still, into the workspace that another pod of the stage would have too.
    @Test(arguments: [0, 1])
    func aPodThatSomebodyDeletesHasNoOtherBesideItOrIsSaidToHave(retries: Int) async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            let held = "podTemplate: {metadata: {finalizers: [example.org/hold]}}"
            try await bed.createPipeline(
                more: "{stages: [{name: one, image: example.org/stage:1, retries: \(retries), \(held)}]}")
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            try await bed.cluster.kubectl("delete", "pod", pod.metadata.name, "--wait=false", "-n", bed.namespace)
            if try await bed.cluster.isRelease(atLeast: 29) {
                try await bed.expectNothingBeside(pod, retries: retries)
            } else {
                try await bed.expectAnother(beside: pod)
            }
            let jobs = try bed.jobCreations()
            #expect(jobs.count == 1 && jobs.values.allSatisfy { $0 == 1 }, "\(jobs)")
        }
    }

    @Test func aJobThatSomebodySuspendsSaysSoAndGoesOnWhenItIsLetGo() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            let job = try #require(pod.metadata.controller(of: Job.resourceKind)?.name)
            try await bed.suspend(job, true)
            guard try await bed.cluster.isRelease(atLeast: 22) else {
                // Servers before that drop the field: nothing happens to it.
                try await bed.kubelet.end(pod, exitCode: 0)
                try await bed.wait(phase: .succeeded)
                return
            }
            let stuck = try await bed.waitUntilStuck(Reason.jobSuspended)
            #expect(
                stuck.status?.message
                    == "one can't start: its Job \(job) is suspended, which the operator never does; set its "
                    + "spec.suspend to false")
            #expect(stuck.status?.phase == .running)

            try await bed.suspend(job, false)
            let next = try await bed.pod(of: "one")
            #expect(next.metadata.uid != pod.metadata.uid)
            try await bed.wait("says no more of it") {
                $0.status?.reason == Reason.stageRunning && $0.stage("one")?.reason == nil
            }
            try await bed.kubelet.end(next, exitCode: 0)
            try await bed.wait(phase: .succeeded)
            let jobs = try bed.jobCreations()
            #expect(jobs.count == 1 && jobs.values.allSatisfy { $0 == 1 }, "\(jobs)")
        }
    }

    /// What the API server itself writes into the status of such a pod.
    @Test func aPodBehindASchedulingGateSaysSoUntilTheGateIsTakenAway() async throws {
        try await TestBed.run(fate: { _ in .staysPending }) { bed in
            try await bed.createPipeline(more: TestBed.stage(pod: "schedulingGates: [{name: example.org/licence}]"))
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one", phase: "Pending")
            guard try await bed.cluster.isRelease(atLeast: 27) else {
                // Servers before that drop the field: nothing holds it.
                try await bed.kubelet.end(pod, exitCode: 0)
                try await bed.wait(phase: .succeeded)
                return
            }
            let stuck = try await bed.waitUntilStuck("SchedulingGated")
            #expect(
                stuck.status?.message
                    == "one can't start: SchedulingGated: pod \(pod.metadata.name) is held back by a scheduling gate, "
                    + "which whatever set its spec.schedulingGates has to remove")
            #expect(stuck.status?.phase == .running)

            try await bed.cluster.kubectl(
                "patch", "pod", pod.metadata.name, "-n", bed.namespace, "--type=json", "-p",
                #"[{"op":"remove","path":"/spec/schedulingGates"}]"#)
            try await bed.schedule(pod)
            try await bed.kubelet.setStatus(of: pod, ["phase": "Running"])
            try await bed.wait("says no more of it") {
                $0.status?.reason == Reason.stageRunning && $0.stage("one")?.reason == nil
            }
            try await bed.kubelet.end(pod, exitCode: 0)
            try await bed.wait(phase: .succeeded)
        }
    }

    @Test func anInitContainerThatFailsIsNamed() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(
                more: TestBed.stage(pod: "initContainers: [{name: fetch, image: example.org/fetch:1}]"))
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            try await bed.kubelet.setStatus(of: pod, TestBed.failedInitContainer("fetch", "no route to the ERP\n"))
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.stage("one")?.exitCode == 3 && failed.stage("one")?.reason == Reason.exitCode)
            #expect(failed.stage("one")?.message == "container fetch: exit code 3: no route to the ERP")
            #expect(failed.status?.message == "one failed: container fetch: exit code 3")
            #expect(failed.stagePhases == [.failed])
        }
    }

    @Test func anEvictedPodEndsItsStageByItsNodesWords() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            try await bed.kubelet.setStatus(
                of: pod,
                [
                    "phase": "Failed", "reason": "Evicted",
                    "message": "The node was low on resource: ephemeral-storage.",
                ])
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.stage("one")?.reason == "Evicted")
            #expect(
                failed.stage("one")?.message == "Evicted: The node was low on resource: ephemeral-storage.",
                "\(failed.status?.message ?? "")")
            #expect(failed.stagePhases == [.failed, .skipped])
        }
    }
}

extension TestBed {
    func waitUntilStuck(_ reason: String) async throws -> ReportRequest {
        try await wait("says \(reason)") {
            $0.status?.reason == Reason.stageNotStarting && $0.stage("one")?.reason == reason
        }
    }

    fileprivate func suspend(_ job: String, _ isSuspended: Bool) async throws {
        try await cluster.kubectl(
            "patch", "job", job, "-n", namespace, "--type=merge", "-p", #"{"spec":{"suspend":\#(isSuspended)}}"#)
    }

    /// What a node says of a pod whose init container ended with 3, so that the stage's own never began.
    fileprivate static func failedInitContainer(_ name: String, _ message: String) -> JSONObject {
        let time = JSONValue.string(Timestamp(.now).description)
        func status(of name: String, _ state: JSONObject) -> JSONValue {
            .object([
                "name": .string(name), "image": "image", "imageID": "", "ready": .bool(false),
                "restartCount": .integer(0), "state": .object(state),
            ])
        }
        let ended = JSONValue.object([
            "exitCode": .integer(3), "reason": "Error", "message": .string(message), "startedAt": time,
            "finishedAt": time,
        ])
        let waiting = JSONValue.object(["reason": "PodInitializing"])
        return [
            "phase": "Failed",
            "initContainerStatuses": .array([status(of: name, ["terminated": ended])]),
            "containerStatuses": .array([status(of: "stage", ["waiting": waiting])]),
        ]
    }

    /// As a scheduler does that has found a node.
    fileprivate func schedule(_ pod: Pod) async throws {
        try await kubelet.setStatus(
            of: pod,
            ["conditions": .array([.object(["type": "PodScheduled", "status": "True"])])])
    }

    /// As a node does.
    fileprivate func warn(of pod: Pod, _ reason: String, _ message: String) async throws {
        let time = JSONValue.string(Timestamp(.now).description)
        _ = try await cluster.client.create(
            Event.self,
            manifest: JSONValue.object([
                "apiVersion": "v1", "kind": "Event",
                "metadata": .object(["name": .string("\(pod.metadata.name).1")]),
                "involvedObject": .object([
                    "apiVersion": "v1", "kind": "Pod", "name": .string(pod.metadata.name),
                    "namespace": .string(namespace), "uid": .string(pod.metadata.uid),
                ]),
                "type": "Warning", "reason": .string(reason), "message": .string(message),
                "source": .object(["component": "kubelet"]), "firstTimestamp": time, "lastTimestamp": time,
                "count": .integer(1),
            ]), namespace: namespace)
    }

    /// Where Kubernetes serves `podReplacementPolicy`: the Job's controller has seen that the pod goes, and makes no other
    /// until its program has stopped.
    fileprivate func expectNothingBeside(_ pod: Pod, retries: Int) async throws {
        try await eventually("the Job says that its pod goes", every: .milliseconds(100)) {
            try await cluster.kubectl(
                "get", "jobs", "-n", namespace, "-o", "jsonpath={.items[*].status.terminating}") == "1"
        }
        let words =
            "PodDeleted: pod \(pod.metadata.name) was deleted by someone else while it ran, by hand or with its node"
        let told = try await wait("says what happened to its pod") { $0.stage("one")?.reason == Reason.podDeleted }
        #expect(told.status?.phase == .running && told.stage("one")?.message == words)
        #expect(told.status?.message == "one: \(words)")
        #expect(try podCreations() == 1)

        // As its node says when the program has stopped.
        try await kubelet.end(pod, exitCode: 143)
        if retries == 0 {
            let failed = try await wait(phase: .failed)
            #expect(failed.stage("one")?.reason == Reason.podDeleted && failed.stage("one")?.exitCode == 143)
            #expect(failed.stage("one")?.message == "\(words) (exit code 143)")
            #expect(try podCreations() == 1)
        } else {
            let next = try await self.pod(of: "one")
            #expect(next.metadata.uid != pod.metadata.uid)
            try await kubelet.end(next, exitCode: 0)
            try await wait(phase: .succeeded)
            #expect(try podCreations() == 2)
            try await kubelet.release(next)
        }
        try await kubelet.release(pod)
    }

    /// Where it doesn't, the Job's controller makes another one at once, whatever `retries` says.
    fileprivate func expectAnother(beside pod: Pod) async throws {
        let pods = try await cluster.wait(forAll: Pod.self, in: namespace, "another one runs beside it") { pods in
            pods.count == 2 && pods.allSatisfy { $0.status?.phase == "Running" }
        }
        let other = try #require(pods.first { $0.metadata.uid != pod.metadata.uid })
        let words =
            "two pods run at once: \(pod.metadata.name), deleted by someone else, is still stopping while "
            + "\(other.metadata.name) runs in its place, since this cluster knows no podReplacementPolicy"
        let told = try await wait("says that two run") { $0.stage("one")?.message == words }
        #expect(told.status?.phase == .running && told.stage("one")?.reason == Reason.podDeleted)
        #expect(told.status?.message == "one: \(words)")

        try await kubelet.release(pod)
        let alone = try await wait("says no more of it") { $0.stage("one")?.reason == nil }
        #expect(alone.status?.phase == .running && alone.stage("one")?.message == nil)
        try await kubelet.end(other, exitCode: 0)
        try await wait(phase: .succeeded)
        #expect(try podCreations() == 2)
        try await kubelet.release(other)
    }

    /// How many pods were made in the namespace, from the audit log.
    private func podCreations() throws -> Int {
        try AuditLog.ofEnvironment().creations(of: "pods", in: namespace).values.reduce(0, +)
    }
}
