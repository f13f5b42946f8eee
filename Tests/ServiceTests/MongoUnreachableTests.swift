import Logging
import LoopbackSupport
import MongoClient
import Testing

/// Nobody listens at port 1. (Here, because these tests measure time: beside the planner's scenarios, which keep every core
/// busy, there is none to measure.)
@Suite struct MongoUnreachableTests {
    @Test func callsFailWithinTheirLimit() async throws {
        var options = MongoOptions()
        options.serverSelectionTimeout = .milliseconds(100)
        let uri = try MongoURI("mongodb://dana:hunter22@127.0.0.1:1/")
        let client = MongoClient(uri, options: options, logger: Logger(label: "tests"))
        // One that has begun before, with a longer limit, is still at it then: by itself the driver would have both wait for 30
        // seconds.
        options.serverSelectionTimeout = .seconds(600)
        let patient = MongoClient(uri, options: options, logger: Logger(label: "tests"))
        let isOver = Flag()
        let waiting = Task {
            try? await patient.ping()
            isOver.raise()
        }
        try await eventually("the other call has its thread") { patient.threadCount == 1 }
        do throws(MongoError) {
            try await client.ping()
            Issue.record("somebody answered")
        } catch {
            #expect(error.kind == .unavailable && error.isRetryable)
            #expect(!"\(error)".contains("hunter22"))
        }
        #expect(!isOver.isRaised)
        #expect(client.threadCount == 1)
        waiting.cancel()
        await waiting.value
    }

    /// The call itself would take ten minutes.
    @Test(.timeLimit(.minutes(2))) func aCancelledCallReturnsAtOnce() async throws {
        var options = MongoOptions()
        options.serverSelectionTimeout = .seconds(600)
        let client = MongoClient(
            try MongoURI("mongodb://127.0.0.1:1/"), options: options, logger: Logger(label: "tests"))
        let call = Task { try await client.ping() }
        call.cancel()
        let result = await call.result
        #expect(throws: MongoError(kind: .cancelled, message: "The call was cancelled")) { try result.get() }
    }

    @Test func callsThatFindNoThreadInTimeAreTold() async throws {
        var options = MongoOptions()
        options.threadLimit = 1
        options.serverSelectionTimeout = .milliseconds(300)
        options.queueTimeout = .milliseconds(10)
        let client = MongoClient(
            try MongoURI("mongodb://127.0.0.1:1/"), options: options, logger: Logger(label: "tests"))
        // Its thread has to be there first: a busy machine may take longer than that to start one.
        try await eventually("the first call gets the thread") {
            await trouble { try await client.ping() }?.kind == .unavailable
        }
        let begin = ContinuousClock.now
        let kinds = await withTaskGroup(of: MongoError.Kind?.self) { group in
            for _ in 0..<20 { group.addTask { await trouble { try await client.ping() }?.kind } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Each that gets the thread keeps it for a third of a second, so no more than these got it; the others timed out.
        let served = Int((ContinuousClock.now - begin) / .milliseconds(300)) + 1
        #expect(kinds.filter { $0 == .unavailable }.count <= served)
        #expect(kinds.allSatisfy { $0 == .timeout || $0 == .unavailable }, "\(kinds)")
        #expect(kinds.contains(.timeout))
    }
}
