import AsyncSupport
import LoopbackSupport
import Testing

@testable import GatewayServer

struct RememberedTests {
    private struct Trouble: Error {}

    @Test func oneAsksAndTheOthersWaitForHer() async throws {
        let answers = Remembered<String, Int>(for: .seconds(3600), capacity: 10)
        let (asked, gate) = (Recorder<Int>(), Gate())
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 1...20 {
                group.addTask {
                    try await answers.value("a") {
                        asked.append(1)
                        try await gate.wait()
                        return 7
                    }
                }
            }
            try await eventually { !asked.all.isEmpty }
            gate.open()
            return try await group.reduce(0, +)
        }
        #expect(sum == 140)
        #expect(asked.all.count == 1)
        #expect(try await answers.value("a") { 8 } == 7)
        #expect(answers.remembered("a") == 7)
        #expect(answers.remembered("b") == nil)
    }

    @Test func aFailureIsNotKept() async throws {
        let answers = Remembered<String, Int>(for: .seconds(3600), capacity: 10)
        await #expect(throws: Trouble.self) { try await answers.value("a") { throw Trouble() } }
        #expect(answers.remembered("a") == nil)
        #expect(try await answers.value("a") { 8 } == 8)
    }

    @Test func whatIsOldIsAskedAgain() async throws {
        let answers = Remembered<String, Int>(for: .zero, capacity: 10)
        #expect(try await answers.value("a") { 7 } == 7)
        #expect(answers.remembered("a") == nil)
        #expect(try await answers.value("a") { 8 } == 8)
    }

    @Test func onlySoManyAreKept() async throws {
        let answers = Remembered<Int, Int>(for: .seconds(3600), capacity: 100)
        for number in 0..<1000 { _ = try await answers.value(number) { number } }
        // The newest, and all of them.
        for number in 0..<1000 { #expect(answers.remembered(number) == (number < 900 ? nil : number)) }
    }

    /// A caller that waits for another's answer gets it, even if the other has gone.
    @Test func whoLeavesTakesNobodysAnswerAway() async throws {
        let answers = Remembered<String, Int>(for: .seconds(3600), capacity: 10)
        let (gate, asked) = (Gate(), Recorder<Int>())
        let first = Task {
            try await answers.value("a") {
                asked.append(1)
                try await gate.wait()
                return 7
            }
        }
        try await eventually { !asked.all.isEmpty }
        first.cancel()
        let second = Task { try await answers.value("a") { 8 } }
        gate.open()
        #expect(try await second.value == 7)
    }
}
