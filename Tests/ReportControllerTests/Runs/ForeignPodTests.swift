import ControllerRuntime
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportController

/// A run that is being cancelled and whose Job has ended: the API server itself is asked whether a pod still runs.
struct ForeignPodTests {
    private let server = InMemoryAPIServer()
    private let request: ReportRequest
    private let job: Job

    init() throws {
        let running = ReportRequest.numbered(1).running("one")
        let job = Job.fixture(of: running, stage: "one").complete()
        request = running.status { status in
            status.phase = .cancelling
            status.stages?[0].jobUID = job.metadata.uid
        }
        self.job = job
        try server.insert(job)
    }

    /// A pod that runs, with all the labels that the run's own have.
    private func pod(of owner: Job?) -> Pod {
        Pod.fixture(of: request, stage: "one").running().with { pod in
            pod.metadata.ownerReferences = owner.map { [OwnerReference(controlledBy: $0)] } ?? []
        }
    }

    @Test func podsOfOthersWithItsLabelsDoNotHoldIt() async throws {
        let owners: [Job?] = [
            nil, Job(metadata: ObjectMeta(name: "other", uid: "theirs")),
            Job(metadata: ObjectMeta(name: job.metadata.name, uid: "theirs")),
        ]
        for (number, owner) in owners.enumerated() { try server.insert(pod(of: owner).named("foreign-\(number)")) }
        let cluster = Cluster(requests: [request])
        try await cluster.applier(server.client).confirmNothingRuns(of: request)
        #expect(cluster.cache.pods.count == 0)
    }

    /// More labels than anybody reads.
    private func unreadable(_ pod: Pod) -> Pod {
        pod.with { pod in
            for number in 0..<20_000 { pod.metadata.labels["l\(number)"] = "" }
        }
    }

    @Test func norDoPodsAndJobsOfOthersThatCanNotBeRead() async throws {
        let theirs = Job(metadata: ObjectMeta(name: "other", uid: "theirs"))
        try server.insert(unreadable(pod(of: nil)).named("foreign-1"))
        try server.insert(unreadable(pod(of: theirs)).named("foreign-2"))
        var foreign = Job.fixture(of: request, stage: "one")
        foreign.metadata.name = "foreign"
        foreign.metadata.ownerReferences = []
        for number in 0..<20_000 { foreign.metadata.labels["l\(number)"] = "" }
        try server.insert(foreign)
        try await Cluster(requests: [request]).applier(server.client).confirmNothingRuns(of: request)
    }

    @Test func aPodOfItsOwnThatCanNotBeReadHoldsIt() async throws {
        try server.insert(unreadable(pod(of: job)))
        await #expect(throws: Stale.self) {
            try await Cluster(requests: [request]).applier(server.client).confirmNothingRuns(of: request)
        }
    }

    @Test func aPodOfItsOwnJobHoldsIt() async throws {
        try server.insert(pod(of: job))
        let cluster = Cluster(requests: [request])
        let error = await #expect(throws: Stale.self) {
            try await cluster.applier(server.client).confirmNothingRuns(of: request)
        }
        #expect(error?.what.hasPrefix("a pod still runs") == true)
        #expect(cluster.cache.pods.count == 1)
    }
}
