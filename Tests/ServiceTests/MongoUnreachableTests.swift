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
        let client = MongoClient(
            try MongoURI("mongodb://dana:hunter22@127.0.0.1:1/"), options: options, logger: Logger(label: "tests"))
        let begin = ContinuousClock.now
        do throws(MongoError) {
            try await client.ping()
            Issue.record("somebody answered")
        } catch {
            #expect(error.kind == .unavailable && error.isRetryable)
            #expect(!"\(error)".contains("hunter22"))
        }
        // By itself the driver waits for 30 seconds.
        #expect(ContinuousClock.now - begin < .seconds(25))
        #expect(client.threadCount == 1)
    }

    @Test func aCancelledCallReturnsAtOnce() async throws {
        var options = MongoOptions()
        options.serverSelectionTimeout = .seconds(600)
        let client = MongoClient(
            try MongoURI("mongodb://127.0.0.1:1/"), options: options, logger: Logger(label: "tests"))
        let call = Task { try await client.ping() }
        let begin = ContinuousClock.now
        call.cancel()
        let result = await call.result
        #expect(throws: MongoError(kind: .cancelled, message: "The call was cancelled")) { try result.get() }
        // The call itself would take ten minutes.
        #expect(ContinuousClock.now - begin < .seconds(120))
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
        // Each that gets the thread keeps it for a third of a second, so no more than these got it; the others waited in vain.
        let served = Int((ContinuousClock.now - begin) / .milliseconds(300)) + 1
        #expect(kinds.filter { $0 == .unavailable }.count <= served)
        #expect(kinds.allSatisfy { $0 == .timeout || $0 == .unavailable }, "\(kinds)")
        #expect(kinds.contains(.timeout))
    }
}
