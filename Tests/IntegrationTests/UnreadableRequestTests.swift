import ClusterSupport
import KubernetesClient
import KubernetesModel
import PrometheusMetrics
import ReportAPI
import Testing

/// A request, or what belongs to it, that somebody made unreadable while it runs.
@Suite struct UnreadableRequestTests {
    @Test func itIsLeftAloneToldAndGoesOnOnceItIsMended() async throws {
        try await TestBed.run(fate: { $0.request == "r1" ? .runs : .succeeds }) { bed in
            try await bed.createPipeline(stages: ["a", "b"])
            try await bed.createPipeline("other")
            try await bed.createRequest("r1")
            let pod = try await bed.pod(of: "a", request: "r1")
            try await bed.createRequest("r2")
            try await bed.wait(for: "r2", phase: .queued)

            let broken = try await bed.breakStatus(of: "r1")
            let event = try await bed.cluster.wait(
                forAll: Event.self, in: bed.namespace, "an event tells of it"
            ) { $0.contains { $0.reason == "Unreadable" } }.first { $0.reason == "Unreadable" }
            #expect(event?.involvedObject?.name == "r1")
            #expect(event?.message?.contains("limit") == true, "\(event?.message ?? "")")
            let gauge = #"store_undecodable_objects{resource="reportrequests.reports.ers.dev"}"#
            #expect(bed.operator.metrics.render().contains(gauge + " 1\n"))
            // Who waits for it says so, and others don't wait for it.
            try await bed.wait(for: "r2", "names what it waits for") {
                $0.status?.message?.contains(#""r1" has a place and can't be read"#) == true
            }
            try await bed.createRequest("elsewhere", of: "other")
            try await bed.wait(for: "elsewhere", phase: .succeeded)

            // What happens to it meanwhile isn't written on the strength of an old copy.
            try await bed.kubelet.end(pod, exitCode: 0)
            _ = try await bed.cluster.wait(forAll: Job.self, in: bed.namespace, "its Job has ended") { jobs in
                jobs.contains { $0.metadata.labels[ReportsAPI.Label.request] == "r1" && $0.isFinished }
            }
            try await bed.createRequest("later", of: "other")
            try await bed.wait(for: "later", phase: .succeeded)
            let writes = try AuditLog.ofEnvironment().entries(in: bed.namespace).filter {
                $0.objectRef?.name == "r1" && $0.responseStatus?.code == 409
            }
            #expect(writes.isEmpty)
            let present = try await bed.cluster.client.get(
                Raw.self, kind: ReportRequest.resourceKind, name: "r1", namespace: bed.namespace)
            #expect(present.metadata.resourceVersion == broken)

            try await bed.patchStatus(of: "r1", limit: "1")
            let second = try await bed.pod(of: "b", request: "r1")
            try await bed.kubelet.end(second, exitCode: 0)
            try await bed.wait(for: "r1", phase: .succeeded)
            try await bed.wait(for: "r2", phase: .succeeded)
            #expect(bed.operator.metrics.render().contains(gauge + " 0\n"))
            let made = try bed.jobCreations()
            #expect(!made.isEmpty && made.values.allSatisfy { $0 == 1 }, "\(made)")
        }
    }
}

extension UnreadableRequestTests {
    /// The API server takes more labels than the operator reads members of one object.
    @Test func aJobOfARunThatIsMadeUnreadableIsToldAndTheRunGoesOnOnceItIsMended() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            let job = try #require(try await bed.jobs().first)
            let names = (0..<16_001).map { String($0, radix: 36) }
            try await bed.label(job, JSONObject(names.map { ($0, .string("")) }))
            let event = try await bed.cluster.wait(
                forAll: Event.self, in: bed.namespace, "an event tells of it"
            ) { $0.contains { $0.reason == "Unreadable" } }.first { $0.reason == "Unreadable" }
            #expect(event?.involvedObject?.name == job.metadata.name && event?.involvedObject?.kind == "Job")
            #expect(event?.message?.contains("at most 16000 are allowed") == true, "\(event?.message ?? "")")

            try await bed.label(job, JSONObject(names.map { ($0, .null) }))
            try await bed.kubelet.end(pod, exitCode: 0)
            try await bed.wait(phase: .succeeded)
            let made = try bed.jobCreations()
            #expect(made.count == 1 && made.values.allSatisfy { $0 == 1 }, "\(made)")
        }
    }
}

/// What any object has.
private struct Raw: KubernetesResource {
    static var resourceKind: ResourceKind { ReportRequest.resourceKind }
    var metadata: ObjectMeta
}

/// One of which nothing is read.
private struct Unread: KubernetesResource {
    static var resourceKind: ResourceKind { Job.resourceKind }
    var metadata = ObjectMeta(name: "unread")

    init(from decoder: any Decoder) {}
}

extension TestBed {
    fileprivate func label(_ job: Job, _ labels: JSONObject) async throws {
        _ = try await cluster.client.patch(
            Unread.self, kind: Job.resourceKind, name: job.metadata.name, namespace: namespace,
            merge: JSONValue.object(["metadata": .object(["labels": .object(labels)])]))
    }

    /// Makes its status one that doesn't decode. Returns the version that it has then.
    fileprivate func breakStatus(of name: String) async throws -> String {
        try await patchStatus(of: name, limit: #""x""#)
    }

    @discardableResult
    fileprivate func patchStatus(of name: String, limit: String) async throws -> String {
        let patch = "{status: {accepted: {pipeline: {concurrency: {limit: \(limit)}}}}}"
        return try await cluster.client.patch(
            Raw.self, kind: ReportRequest.resourceKind, name: name, namespace: namespace,
            merge: try JSONValue.yaml(patch), subresource: .status
        ).metadata.resourceVersion
    }
}
