import AsyncSupport
import Synchronization
import Testing

/// Turns that groups take one after another.
struct FairTurnsTests {
    private final class Order: Sendable {
        let names = Mutex<[String]>([])
    }

    @Test(.timeLimit(.minutes(1))) func aLongLineKeepsAnotherGroupWaitingForNoMoreThanOne() async throws {
        let turns = FairTurns(1)
        try await turns.take(for: "a")
        let order = Order()
        var tasks: [Task<Void, any Error>] = []
        for (index, name) in ["a", "a", "a", "b"].enumerated() {
            tasks.append(
                Task {
                    try await turns.take(for: name)
                    order.names.withLock { $0.append(name) }
                    turns.giveBack()
                })
            while turns.waiting <= index { await Task.yield() }
        }
        turns.giveBack()
        for task in tasks { try await task.value }
        #expect(order.names.withLock { $0 } == ["a", "b", "a", "a"])
    }

    @Test(.timeLimit(.minutes(1))) func whoIsCancelledLeavesTheLine() async throws {
        let turns = FairTurns(1)
        try await turns.take(for: "a")
        let waiting = Task { try await turns.take(for: "b") }
        while turns.waiting == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(turns.waiting == 0)
        turns.giveBack()
        try await turns.take(for: "c")
    }
}
