import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Synchronization
import Testing

/// Runs of one concurrency key.
@Suite struct QueueTests {
    @Test func oneAtATimeByPriorityAndThenByAge() async throws {
        try await TestBed.run(fate: { ["r1", "r3"].contains($0.request) ? .runs : .succeeds }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest("r1")
            let first = try await bed.pod(of: "one", request: "r1")
            var waiting: [ReportRequest] = []
            for (name, priority) in [("r2", 0), ("r3", 7), ("r4", 0), ("r5", 5), ("r6", -5)] {
                try await bed.createRequest(name, more: "{priority: \(priority)}")
                waiting.append(try await bed.wait(for: name, phase: .queued))
            }
            for request in waiting {
                #expect(request.status?.reason == Reason.waitingForTurn)
                #expect(request.status?.message?.contains("at most 1 at once") == true)
            }
            #expect(waiting[1].status?.message?.hasPrefix("is next, after r1, which runs") == true)
            // As r3 starts r5 is next, and says so; nobody else's status is written.
            let before = try await waiters(bed, but: ["r1", "r3", "r5"])
            try await bed.kubelet.end(first, exitCode: 0)
            let second = try await bed.pod(of: "one", request: "r3")
            try await bed.wait(for: "r5", "is next") { $0.status?.message?.hasPrefix("is next, after r3") == true }
            #expect(try await waiters(bed, but: ["r1", "r3", "r5"]) == before, "a waiter's status was rewritten")
            try await bed.kubelet.end(second, exitCode: 0)
            for name in ["r1", "r2", "r3", "r4", "r5", "r6"] { try await bed.wait(for: name, phase: .succeeded) }

            // Of one priority, in the order in which they were made, also within one second.
            #expect(bed.history.started == ["r1", "r3", "r5", "r2", "r4", "r6"])
            #expect(bed.history.mostAtOnce == 1)
            #expect(try bed.jobCreations().count == 6)
        }
    }

    /// Resource versions by name.
    private func waiters(_ bed: TestBed, but others: Set<String>) async throws -> [String: String] {
        let all = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items
        let rest = all.filter { !others.contains($0.metadata.name) }
        return Dictionary(uniqueKeysWithValues: rest.map { ($0.metadata.name, $0.metadata.resourceVersion) })
    }

    @Test func aLimitOfTwoLetsTwoRun() async throws {
        try await TestBed.run(fate: { ["r1", "r2"].contains($0.request) ? .runs : .succeeds }) { bed in
            try await bed.createPipeline(more: "{concurrency: {limit: 2, key: erp}}")
            for name in ["r1", "r2"] { try await bed.createRequest(name) }
            let first = try await bed.pod(of: "one", request: "r1")
            let second = try await bed.pod(of: "one", request: "r2")
            for name in ["r3", "r4", "r5"] {
                try await bed.createRequest(name)
                try await bed.wait(for: name, phase: .queued)
            }
            try await bed.kubelet.end(first, exitCode: 0)
            for name in ["r3", "r4", "r5"] { try await bed.wait(for: name, phase: .succeeded) }
            try await bed.kubelet.end(second, exitCode: 1)
            try await bed.wait(for: "r2", phase: .failed)
            #expect(bed.history.mostAtOnce == 2)
        }
    }

    @Test func requestsOfDifferentKeysDoNotWaitForEachOther() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline("a")
            try await bed.createPipeline("b")
            try await bed.createRequest("of-a", of: "a")
            try await bed.createRequest("of-b", of: "b")
            try await bed.pod(of: "one", request: "of-a")
            try await bed.pod(of: "one", request: "of-b")
        }
    }

    @Test func manyRequestsAtOnceNeverRunTogether() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...8 {
                    group.addTask { try await bed.createRequest("r\(number)") }
                }
                try await group.waitForAll()
            }
            for number in 1...8 { try await bed.wait(for: "r\(number)", phase: .succeeded) }
            #expect(bed.history.mostAtOnce == 1)
            #expect(bed.history.started.count == 8)
        }
    }

    @Test func aDeletedRequestKeepsItsPlaceWhileItsPodIsThere() async throws {
        try await TestBed.run(fate: { $0.request == "r1" ? .runs : .succeeds }) { bed in
            try await bed.createPipeline(more: TestBed.heldStages("one"))
            try await bed.createRequest("r1")
            let pod = try await bed.pod(of: "one", request: "r1")
            try await bed.createRequest("r2")
            try await bed.wait(for: "r2", phase: .queued)
            try await bed.deleteRequest("r1")
            try await bed.cluster.wait(for: Pod.self, pod.metadata.name, in: bed.namespace, "is being deleted") {
                $0?.metadata.isDeleting == true
            }
            try await bed.cluster.wait(for: ReportRequest.self, "r1", in: bed.namespace, "is gone") { $0 == nil }
            // The operator has come past it when it has dealt with a request that came later.
            try await bed.createRequest("r3", more: "{parameters: {unknown: 1}}")
            try await bed.wait(for: "r3", phase: .failed)
            #expect(bed.history.phases(of: "r2") == [.queued])
            try await bed.kubelet.release(pod)
            let second = try await bed.pod(of: "one", request: "r2", phase: "Succeeded")
            try await bed.kubelet.release(second)
            try await bed.wait(for: "r2", phase: .succeeded)
            #expect(bed.history.phases(of: "r2") == [.queued, .running, .succeeded])
        }
    }
}
