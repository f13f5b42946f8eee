import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import Synchronization
import Testing

@testable import ReportClient

/// A list that is kept up to date from a server that doesn't always know what is asked.
@Suite struct LiveListTests {
    /// As an API server does that has just come back, until it has read its resource definitions.
    @Test(.timeLimit(.minutes(1))) func whatIsNotKnownForAMomentIsAskedForAgain() async throws {
        let told = try await changes(refusing: [2, 3], until: 2)
        #expect(told == ["objects", "lost", "recovered", "objects"])
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNotKnownAtFirstIsAnError() async throws {
        let error = try await #require(throws: ClientError.self) { try await changes(refusing: [1], until: 1) }
        guard case .api(let refusal) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(refusal.isNotFound && (refusal.status?.details?.name ?? "").isEmpty)
    }

    /// What is reported of a server that refuses those of its lists and breaks off each watch, up to a number of states.
    private func changes(refusing refused: Set<Int>, until count: Int) async throws -> [String] {
        let lists = Mutex(0)
        let server = LoopbackServer { request, _ in
            guard !request.target.contains("watch=") else { return nil }
            let number = lists.withLock { lists in
                lists += 1
                return lists
            }
            return refused.contains(number)
                ? .json("404 page not found\n", status: 404)
                : .json(#"{"metadata": {"resourceVersion": "1"}, "items": []}"#)
        }
        let configuration = ClientConfiguration(server: server.address)
        let client = KubernetesClient(configuration: configuration, userAgent: "tests", logger: Logger(label: "tests"))
        defer { client.shutdown() }
        let list = LiveList<ReportRequest>(
            ReportCluster(client: client, namespace: "reports"), namespace: "reports")
        let (changes, sink) = AsyncThrowingStream.makeStream(of: String.self)
        let task = Task {
            do {
                try await list.run { change in
                    switch change {
                    case .objects: sink.yield("objects")
                    case .lost: sink.yield("lost")
                    case .recovered: sink.yield("recovered")
                    }
                }
            } catch { sink.finish(throwing: error) }
        }
        defer { task.cancel() }
        var told: [String] = []
        for try await change in changes {
            told.append(change)
            if told.count(where: { $0 == "objects" }) == count { break }
        }
        return told
    }
}
