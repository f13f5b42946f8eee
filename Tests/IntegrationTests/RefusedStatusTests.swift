import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// An etcd that takes less than a run's status would need. On a control plane of its own.
@Suite struct RefusedStatusTests {
    /// What etcd takes, in bytes; the definitions of the resources need a third of it.
    private static let limit = 192 << 10
    /// How many stages a wide run has, side by side.
    private static let width = 32
    /// What a wide run has left, in bytes: half of what its stages have to say, and several times what its end needs.
    private static let room = 16 << 10
    /// An annotation that anybody may write.
    private static let note = "example.org/note"

    @Test func aRunWhoseStatusEtcdRefusesEndsWithAShortOneAndNoOtherDoes() async throws {
        try await OwnCluster.run("small", requestBytes: Self.limit) { own in
            try await own.applyDefinitions()
            try await own.live.withNamespace { namespace in
                try await HeldRuns.with(
                    own.live, namespace, fate: { $0.request == "wide" ? .staysPending : .succeeds }
                ) { runs in
                    let process = try OperatorProcess(
                        namespace: namespace, "--leader-election", "off",
                        environment: own.live.kubeconfig.map { ["KUBECONFIG": $0] } ?? [:])
                    do {
                        try await Self.refuse(own, runs)
                    } catch {
                        print("The operator:\n\(process.log.suffix(6000))")
                        await process.crash()
                        throw error
                    }
                    _ = await process.terminate()
                    try? FileManager.default.removeItem(at: process.logFile)
                }
            }
        }
    }

    private static func refuse(_ own: OwnCluster, _ runs: HeldRuns) async throws {
        try await makePipelines(runs)
        try await runs.ask("beside")
        try await runs.wait("beside", "runs") { $0.status?.stages?.first?.phase == .running }

        try await refuseAcceptance(runs)
        try await refuseProgress(runs)

        // One that goes on beside them notices nothing.
        try await runs.end("beside")
        let beside = try await runs.wait("beside", "Succeeded") { $0.status?.phase == .succeeded }
        #expect(beside.status?.previousAttempts == nil)

        let large = try statusWrites("large", own, runs)
        let wide = try statusWrites("wide", own, runs)
        // Each was refused once, and nothing was tried again.
        #expect(large.count { $0.isRefused } == 1 && large.count <= 4, "\(large)")
        #expect(wide.count { $0.isRefused } == 1, "\(wide)")
        #expect(try statusWrites("beside", own, runs).allSatisfy { !$0.isRefused })

        // Others' writes meanwhile bring none of them back.
        try await mend(runs)
        #expect(try statusWrites("large", own, runs).count { $0.isRefused } == 1)
        #expect(try statusWrites("wide", own, runs).count == wide.count)
    }

    // MARK: What is refused

    /// What it would be accepted with is too large for it: the pipeline beside what its request has already.
    private static func refuseAcceptance(_ runs: HeldRuns) async throws {
        _ = try await runs.live.client.create(
            ReportRequest.self,
            manifest: JSONValue.object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest",
                "metadata": .object([
                    "name": "large",
                    "annotations": .object([note: .string(String(repeating: "x", count: limit / 2))]),
                ]),
                "spec": .object(["pipelineRef": .object(["name": "large"])]),
            ]), namespace: runs.namespace)
        let ended = try await runs.wait("large", "Failed") { $0.status?.phase == .failed }
        expectShortEnd(ended)
        #expect(ended.status?.accepted == nil && ended.status?.stages == nil)
        #expect(try await jobs(of: "large", runs).isEmpty)
    }

    /// It runs, and why its stages don't start is too much to say.
    private static func refuseProgress(_ runs: HeldRuns) async throws {
        try await runs.ask("wide", of: "wide")
        try await runs.wait("wide", "runs") { request in
            let stages = request.status?.stages ?? []
            return stages.count == Self.width && stages.allSatisfy { $0.phase == .running }
        }
        let pods = try await runs.live.wait(
            forAll: Pod.self, selector: "\(ReportsAPI.Label.request)=wide", in: runs.namespace,
            within: .seconds(120), "each stage has its pod"
        ) { $0.count == Self.width }
        try await fill("wide", runs)
        for pod in pods {
            try await runs.kubelet.setStatus(
                of: pod,
                [
                    "conditions": .array([
                        .object([
                            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                            "message": .string(String(repeating: "0/3 nodes are available. ", count: 80)),
                        ])
                    ])
                ])
        }
        let ended = try await runs.wait("wide", "Failed") { $0.status?.phase == .failed }
        expectShortEnd(ended)
        // How far each stage came is said still, and hardly a word why.
        let stages = ended.status?.stages ?? []
        #expect(stages.count == width && stages.allSatisfy { $0.phase == .cancelled }, "\(stages)")
        #expect(stages.allSatisfy { $0.reason == Reason.statusRefused && ($0.message ?? "").utf8.count <= 64 })
        #expect(ended.status?.accepted?.pipeline.stages.count == width)
        #expect(try await jobs(of: "wide", runs).isEmpty)
    }

    private static func expectShortEnd(_ ended: ReportRequest) {
        let said = ended.status?.message ?? ""
        #expect(ended.status?.reason == Reason.statusRefused)
        #expect(said.hasPrefix("the API server refused the run's status: "), "\(said)")
        #expect(said.contains("too large"), "\(said)")
        #expect(said.hasSuffix("; make the pipeline and its parameters smaller, then raise spec.attempt"), "\(said)")
        #expect(said.utf8.count <= 512)
        #expect((ended.condition(.failed)?.message.utf8.count ?? Int.max) <= 64)
    }

    // MARK: Before and after

    private static func makePipelines(_ runs: HeldRuns) async throws {
        let stages = (1...width).map { "{name: s-\($0), image: a, dependsOn: []}" }.joined(separator: ", ")
        try await runs.live.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportPipeline
            metadata: {name: held}
            spec: {stages: [{name: held, image: a}]}
            ---
            apiVersion: reports.ers.dev/v1
            kind: ReportPipeline
            metadata: {name: wide}
            spec: {stages: [\(stages)]}
            """, in: runs.namespace)
        // Not by kubectl, which would note all of it once more in an annotation.
        let stage = JSONValue.object([
            "name": "one", "image": "a", "args": .array([.string(String(repeating: "x", count: limit * 5 / 8))]),
        ])
        _ = try await runs.live.client.create(
            ReportPipeline.self,
            manifest: JSONValue.object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportPipeline",
                "metadata": .object(["name": "large"]), "spec": .object(["stages": .array([stage])]),
            ]), namespace: runs.namespace)
        try await waitUntilOperatorHas("large", generation: 1, runs)
    }

    /// As the message says.
    private static func mend(_ runs: HeldRuns) async throws {
        let smaller = try await runs.live.client.patch(
            ReportPipeline.self, name: "large", namespace: runs.namespace,
            merge: try JSONValue.yaml("spec: {stages: [{name: one, image: a}]}"))
        try await waitUntilOperatorHas("large", generation: smaller.metadata.generation, runs)
        _ = try await runs.live.client.patch(
            ReportRequest.self, name: "large", namespace: runs.namespace,
            merge: try JSONValue.yaml("spec: {attempt: 2}"))
        let mended = try await runs.wait("large", "Succeeded") { $0.status?.phase == .succeeded }
        #expect(mended.status?.attempt == 2)
        #expect(mended.status?.previousAttempts?.map(\.reason) == [Reason.statusRefused])
    }

    private static func waitUntilOperatorHas(_ pipeline: String, generation: Int64, _ runs: HeldRuns) async throws {
        try await runs.live.wait(
            for: ReportPipeline.self, pipeline, in: runs.namespace, within: .seconds(120), "the operator has it"
        ) { $0?.status?.observedGeneration == generation }
    }

    /// Makes a request so large that there is only `room` left of what etcd takes.
    private static func fill(_ name: String, _ runs: HeldRuns) async throws {
        // As etcd has it, but for a few bytes; our client leaves out what no decision rests on.
        let stored = try await runs.live.kubectl(
            "get", "--raw", "/apis/reports.ers.dev/v1/namespaces/\(runs.namespace)/reportrequests/\(name)")
        let filling = limit - room - stored.utf8.count
        try #require(filling > 0, "\(stored.utf8.count) bytes")
        let text = JSONValue.string(String(repeating: "x", count: filling))
        _ = try await runs.live.client.patch(
            ReportRequest.self, name: name, namespace: runs.namespace,
            merge: JSONValue.object(["metadata": .object(["annotations": .object([note: text])])]))
    }

    private static func jobs(of name: String, _ runs: HeldRuns) async throws -> [Job] {
        try await runs.live.client.list(
            Job.self, namespace: runs.namespace,
            options: ListOptions(labelSelector: "\(ReportsAPI.Label.request)=\(name)")
        ).items.filter { !$0.metadata.isDeleting }
    }

    /// What was written, or was to be, into the status of a request.
    private static func statusWrites(
        _ name: String, _ own: OwnCluster, _ runs: HeldRuns
    ) throws -> [AuditLog.Entry] {
        try own.audit.entries(in: runs.namespace).filter { entry in
            entry.objectRef?.resource == "reportrequests" && entry.objectRef?.subresource == "status"
                && entry.objectRef?.name == name
        }
    }
}

extension AuditLog.Entry {
    /// Not for being late, which happens.
    fileprivate var isRefused: Bool { !hasSucceeded && responseStatus?.code != 409 }
}
