import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// What stages printed is kept to its last line, whenever their node writes it.
struct StageLogKeeperTests {
    private let bench = StageLogBench()

    @Test func aLogThatGrowsAfterItsPodsEndIsKeptWhole() async throws {
        let pod = bench.pod("two", lines: 19_573)
        bench.cache.pods.observe(pod)
        let first = try await pause()
        #expect(bench.mongoDB.log(of: pod)?.text.hasSuffix("line 19571\nline 19572\n") == true)
        #expect(bench.node.calls().map(\.tailLines) == [1000, 65536])

        // Somebody wakes it before its time.
        #expect(await bench.look(after: 0.25) == .requeue(after: first - .seconds(0.25)))
        #expect(bench.node.calls().isEmpty)

        bench.node.print(427, in: pod)
        let second = try await pause(after: 5)
        #expect(bench.node.calls().map(\.tailLines) == [1, 1000, 65536])
        let log = try #require(bench.mongoDB.log(of: pod))
        #expect(log.text.hasSuffix("line 19998\nline 19999\n") && log.isCut)
        #expect(log.text.utf8.count <= StageLog.limit && log.text.utf8.count > StageLog.limit - 12)
        #expect(second > first, "looked at ever more seldom")

        #expect(await bench.look(after: 10) == .done)
        #expect(bench.node.calls().map(\.tailLines) == [1])
        #expect(await bench.look(after: 60) == .done)
        #expect(bench.node.calls().isEmpty)
    }

    @Test(arguments: [0, 3]) func oneThatIsWholeCostsOneLookAtItsLastLine(lines: Int) async throws {
        let pod = bench.pod("one", lines: lines)
        bench.cache.pods.observe(pod)
        _ = try await pause()
        #expect(await bench.look(after: 5) == .done)
        #expect(bench.node.calls().map(\.tailLines) == [1000, 1])
        let text = (0..<lines).map { "line \($0)\n" }.joined()
        #expect(bench.mongoDB.log(of: pod)?.text == text)
    }

    /// The cache forgets the pods of a run that is over, and says nothing of it.
    @Test func theRunsEndLeavesWhatIsToBeLookedAt() async throws {
        let pod = bench.pod("one", lines: 3)
        bench.cache.pods.observe(pod)
        _ = try await pause()
        bench.cache.requests.observe(bench.request.ended(.succeeded).with { $0.metadata.resourceVersion = "2" })
        bench.cache.pods.discard(pod)
        bench.node.print(1, in: pod)
        _ = try await pause(after: 5)
        #expect(bench.mongoDB.log(of: pod)?.text.hasSuffix("line 3\n") == true)
    }

    @Test func oneThatNeverStandsStillIsReadSixTimes() async throws {
        let pod = bench.pod("one", lines: 1)
        bench.node.grow(by: 1)
        bench.cache.pods.observe(pod)
        var looks = 1
        while await bench.look(after: 60) != .done { looks += 1 }
        #expect(looks == 6)
        #expect(bench.node.calls().count == 11)
        #expect(await bench.look(after: 60) == .done)
        #expect(bench.node.calls().isEmpty)
    }

    @Test func whatWasReadStandsWhenThePodIsGone() async throws {
        let pod = bench.pod("one", lines: 2)
        bench.cache.pods.observe(pod)
        _ = try await pause()
        bench.node.lose(pod)
        #expect(await bench.look(after: 5) == .done)
        #expect(bench.mongoDB.log(of: pod)?.text == "line 0\nline 1\n")
    }

    @Test func whatBreaksOffDisplacesNothing() async throws {
        let pod = bench.pod("one", lines: 5)
        bench.cache.pods.observe(pod)
        _ = try await pause()
        bench.node.print(1, in: pod)
        bench.node.breakOff(after: 2)
        _ = try await pause(after: 5)
        #expect(bench.mongoDB.log(of: pod)?.text.hasSuffix("line 4\n") == true)
        _ = try await pause(after: 5)
        #expect(bench.mongoDB.log(of: pod)?.text.hasSuffix("line 5\n") == true)
    }

    @Test func whatBrokeOffAtFirstIsReadAgain() async throws {
        let pod = bench.pod("one", lines: 5)
        bench.node.breakOff(after: 2)
        bench.cache.pods.observe(pod)
        _ = try await pause()
        #expect(bench.mongoDB.log(of: pod)?.text == "line 0\nline 1\n")
        _ = try await pause(after: 5)
        #expect(bench.mongoDB.log(of: pod)?.text.hasSuffix("line 4\n") == true)
    }

    @Test func oneThatIsBeingStoppedIsFollowedAndLookedAtAfterItsEnd() async throws {
        let ended = bench.pod("one", lines: 1).with { $0.metadata.resourceVersion = "9" }
        let stopping = ended.running().deleting().with { $0.metadata.resourceVersion = "8" }
        bench.cache.pods.observe(stopping)
        #expect(await bench.look() == .done, "its end will be told")
        #expect(bench.node.calls().map(\.follow) == [true])
        bench.node.print(1, in: ended)
        bench.cache.pods.observe(ended.deleting())
        _ = try await pause(after: 5)
        #expect(bench.node.calls().map(\.follow) == [false, false])
        #expect(bench.mongoDB.log(of: ended)?.text == "line 0\nline 1\n")
    }

    /// Also of a run some of whose logs are kept already, and whose pods the cache has forgotten.
    @Test func whatMongoDBMissedIsReadWhenItIsBack() async throws {
        let (one, two) = (bench.pod("one", lines: 1), bench.pod("two", lines: 2))
        for pod in [one, two] { try bench.server.insert(pod) }
        bench.cache.pods.observe(one)
        _ = try await pause()
        #expect(await bench.look(after: 5) == .done)
        bench.mongoDB.isAway = true
        bench.cache.pods.observe(two)
        #expect(await bench.look() == .requeue(after: .seconds(30)))
        bench.cache.requests.observe(bench.request.ended(.succeeded).with { $0.metadata.resourceVersion = "2" })
        for pod in [one, two] { bench.cache.pods.discard(pod) }
        bench.mongoDB.isAway = false
        _ = try await pause(after: 30)
        #expect(bench.mongoDB.log(of: two)?.text == "line 0\nline 1\n")
        #expect(await bench.look(after: 5) == .done)
    }

    @Test func whatAnEarlierProcessKeptCounts() async throws {
        let pod = bench.pod("one", lines: 1)
        bench.cache.pods.observe(pod)
        _ = try await pause()
        let next = StageLogBench(keeping: bench.mongoDB)
        next.cache.pods.observe(pod)
        #expect(await next.look() == .done)
        #expect(next.node.calls().isEmpty)
    }

    /// - Returns: after what time it wants to look again.
    private func pause(after seconds: Double = 0) async throws -> Duration {
        guard case .requeue(let pause) = await bench.look(after: seconds) else { throw NoPause() }
        return pause
    }

    private struct NoPause: Error {}
}
