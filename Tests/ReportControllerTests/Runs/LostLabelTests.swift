import ControllerRuntime
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportController

/// Somebody takes the label off a running Job by which it is watched.
struct LostLabelTests {
    private let server = InMemoryAPIServer()
    private let cluster: Cluster
    private let request: ReportRequest
    private let job: Job

    init() throws {
        request = ReportRequest.numbered(1).running("one")
        var job = Job.fixture(of: request, stage: "one")
        job.metadata.labels[ReportsAPI.Label.requestUID] = nil
        self.job = job
        cluster = Cluster(requests: [request])
        try server.insert(job)
    }

    private func applier() -> RunApplier { cluster.applier(server.client) }

    private var label: String? {
        server.find(Job.self, job.metadata.name)?.metadata.labels[ReportsAPI.Label.requestUID]
    }

    @Test func itIsFoundByItsNameAndOwnerAndLabelledAgain() async {
        await #expect(throws: Stale.self) {
            try await applier().confirmJobIsGone(job.metadata.name, of: request)
        }
        #expect(label == request.metadata.uid)
    }

    /// A run that is being cancelled doesn't end while it runs.
    @Test func nothingRunsIsNotSaidOfIt() async {
        await #expect(throws: Stale.self) { try await applier().confirmNothingRuns(of: request) }
        #expect(label == request.metadata.uid)
    }

    @Test func itIsDeletedWhereItsLabelIsTakenAgainAndAgain() async throws {
        for _ in 0..<MadeJobs.patience { #expect(cluster.made.mayLabel(job.metadata.uid)) }
        try await applier().confirmJobIsGone(job.metadata.name, of: request)
        #expect(server.find(Job.self, job.metadata.name)?.metadata.isDeleting != false)
    }

    @Test func anotherOfItsNameIsNotTakenForIt() async throws {
        cluster.made.note(job.metadata.name, uid: "another", of: request.metadata.uid)
        try await applier().confirmJobIsGone(job.metadata.name, of: request)
        #expect(label == nil)
    }
}
