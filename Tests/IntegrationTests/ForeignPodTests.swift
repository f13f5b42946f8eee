import ClusterSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportController
import TestSupport
import Testing

/// Pods with the labels of a run that aren't the run's: whoever may make a pod in any namespace can give it any label.
/// On a control plane of its own, for an operator that sees all namespaces.
@Suite struct ForeignPodTests {
    @Test func aPodOfAnotherNamespaceWithARunsLabelsHoldsNobodyUp() async throws {
        try await OwnCluster.run("foreign") { own in
            try await own.applyDefinitions()
            try await TestBed.run(on: own.live, seesAllNamespaces: true, fate: { _ in .runs }) { bed in
                try await own.live.withNamespace { other in
                    try await bed.createPipeline()
                    try await bed.createRequest("r1")
                    let first = try await bed.pod(of: "one", request: "r1")
                    let likeFirst = try await bed.runningCopy(of: first, in: other)
                    try await bed.createRequest("r2")
                    try await bed.wait(for: "r2", phase: .queued)

                    // The next one starts when the run has ended, and not before.
                    try await bed.kubelet.end(first, exitCode: 0)
                    try await bed.wait(for: "r1", phase: .succeeded)
                    let second = try await bed.pod(of: "one", request: "r2")
                    #expect(bed.history.mostAtOnce == 1)

                    // One that is cancelled doesn't wait for it either.
                    let likeSecond = try await bed.runningCopy(of: second, in: other)
                    try await bed.patchRequest("r2", "spec: {cancel: true}")
                    let cancelled = try await bed.wait(for: "r2", phase: .cancelled)
                    #expect(cancelled.stagePhases == [.cancelled])

                    // Nor does the operator touch what isn't its own.
                    for copy in [likeFirst, likeSecond] {
                        let now = try await own.live.client.get(Pod.self, name: copy.metadata.name, namespace: other)
                        #expect(now.metadata.uid == copy.metadata.uid && !now.metadata.isDeleting)
                        #expect(now.status?.phase == "Running")
                    }
                    let jobs = try own.audit.creations(of: "jobs", in: bed.namespace)
                    #expect(jobs.count == 2 && jobs.values.allSatisfy { $0 == 1 }, "\(jobs)")
                }
            }
        }
    }
}

extension TestBed {
    /// A pod in another namespace with all that a run's pod says of whose it is: its labels, and a Job of its Job's
    /// name. Returns when it runs and the operator has seen that.
    fileprivate func runningCopy(of pod: Pod, in other: String) async throws -> Pod {
        let job = try #require(pod.metadata.controller(of: Job.resourceKind)?.name)
        // The rest of them the Job's controller gives.
        let labels = pod.metadata.labels.filter { label in
            label.key.hasPrefix(ReportsAPI.group) || label.key == ReportsAPI.Label.managedBy
        }
        let uid = try #require(labels[ReportsAPI.Label.requestUID])
        #expect(labels[ReportsAPI.Label.concurrencyGroup] != nil)
        let container = JSONValue.object(["name": "stage", "image": "example.org/stage:1"])
        _ = try await cluster.client.create(
            Job.self,
            manifest: JSONValue.object([
                "apiVersion": "batch/v1", "kind": "Job",
                "metadata": .object(["name": .string(job), "labels": .strings(labels)]),
                "spec": .object([
                    "template": .object([
                        "metadata": .object(["labels": .strings(labels)]),
                        "spec": .object(["restartPolicy": "Never", "containers": .array([container])]),
                    ])
                ]),
            ]), namespace: other)
        let made = try await cluster.wait(
            forAll: Pod.self, selector: "\(ReportsAPI.Label.requestUID)=\(uid)", in: other,
            "a copy of \(job) has its pod"
        ) { !$0.isEmpty }
        let copy = try #require(made.first)
        let node = Kubelet(client: cluster.client, namespace: other, fate: { _ in .runs })
        try await node.setStatus(of: copy, ["phase": "Running"])
        let pods = `operator`.controller.cache.pods
        try await eventually("the operator sees the copy of \(job)") {
            pods.get(copy.key)?.status?.phase == "Running"
        }
        return copy
    }
}
