import AsyncSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventCountTests {
    let count = EventCount()

    private func untilTheyWait(_ waiters: Int) async {
        while count.waiterCount < waiters { await Task.yield() }
    }

    @Test func allWhoWaitGoOnAtTheNextOne() async {
        await withTaskGroup { group in
            for _ in 0..<5 { group.addTask { await count.wait(beyond: 0) } }
            await untilTheyWait(5)
            count.advance()
        }
        #expect(count.value == 1 && count.waiterCount == 0)
    }

    @Test func whatHasHappenedSinceIsNotWaitedFor() async {
        let seen = count.value
        count.advance()
        await count.wait(beyond: seen)
        #expect(count.waiterCount == 0)
    }

    @Test func cancelledTasksWaitNoLonger() async {
        let waiting = Task { await count.wait(beyond: 0) }
        await untilTheyWait(1)
        waiting.cancel()
        await waiting.value
        #expect(count.value == 0 && count.waiterCount == 0)
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await count.wait(beyond: 0)
        }
        await cancelled.value
        #expect(count.waiterCount == 0)
    }

    @Test func aGateLetsThroughOnceItIsOpen() async throws {
        let gate = Gate()
        #expect(!gate.isOpen)
        async let passed: Void = gate.wait()
        gate.open()
        try await passed
        try await gate.wait()
        #expect(gate.isOpen)
    }

    @Test func aCancelledTaskDoesNotPassAClosedGate() async {
        let gate = Gate()
        let waiting = Task { try await gate.wait() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
