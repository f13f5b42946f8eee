import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// Changes of a request that have no effect, on a real API server.
@Suite struct IgnoredChangeTests {
    @Test func anotherAttemptOfARunThatSucceededIsSaidToBeIgnored() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let ended = try await bed.wait(phase: .succeeded)
            try await bed.patchRequest("run", "spec: {attempt: 2}")
            let told = try await bed.wait("told of it") { $0.status?.ignoredChange != nil }
            #expect(
                told.status?.message
                    == "\(ended.status?.message ?? ""); ignored: spec.attempt 2, since a run that succeeded is not run "
                    + "again; make a new request")
            #expect(told.status?.phase == .succeeded && told.status?.completedAt == ended.status?.completedAt)
            try await bed.cluster.wait(forAll: Event.self, in: bed.namespace, "an event tells of it") { events in
                events.contains { $0.reason == "Ignored" && $0.involvedObject?.uid == ended.metadata.uid }
            }
        }
    }
}
