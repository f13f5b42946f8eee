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

    @Test func aPodThatSomebodyDeletesIsToldOf() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(more: TestBed.heldStages("one", "two"))
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            try await bed.cluster.kubectl("delete", "pod", pod.metadata.name, "--wait=false", "-n", bed.namespace)
            if try await bed.cluster.isRelease(atLeast: 29) {
                // Its controller has seen that it goes, and waits with the next one until it is gone.
                try await eventually("the Job says that its pod goes", every: .milliseconds(100)) {
                    try await bed.cluster.kubectl(
                        "get", "jobs", "-n", bed.namespace, "-o", "jsonpath={.items[*].status.terminating}") == "1"
                }
                #expect(try await bed.cluster.client.list(Pod.self, namespace: bed.namespace).items.count == 1)
            } else {
                try await eventually("another one runs beside it", every: .milliseconds(100)) {
                    try await bed.cluster.client.list(Pod.self, namespace: bed.namespace).items.count == 2
                }
            }
            let told = try await bed.wait("says what happened to its pod") {
                $0.stage("one")?.reason == Reason.podDeleted
            }
            let said = told.stage("one")?.message ?? ""
            #expect(said.contains(pod.metadata.name) && said.contains("deleted by someone else"), "\(said)")
            try await bed.cancelAndRelease()
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

    /// Ends a run whose pods the test holds.
    fileprivate func cancelAndRelease() async throws {
        try await patchRequest("run", "spec: {cancel: true}")
        try await eventually("it is cancelled", within: .seconds(120), every: .milliseconds(100)) {
            for pod in try await cluster.client.list(Pod.self, namespace: namespace).items
            where pod.metadata.isDeleting { try await kubelet.release(pod) }
            let request = try await cluster.client.get(ReportRequest.self, name: "run", namespace: namespace)
            return request.status?.phase == .cancelled
        }
    }
}
