import FoundationEssentials
import TestSupport
import Testing

@testable import HTTPTransport

@Suite struct TransferStateMachineTests {
    typealias Machine = TransferStateMachine<String, String>

    /// What an action says, in words that a table can compare.
    private func words(_ action: Machine.Action) -> String {
        switch action {
        case .none: "none"
        case .start: "start"
        case .abort: "abort"
        case .resume(let resumption): words(resumption)
        case .resumeAndAbort(let resumption): words(resumption) + ", abort"
        }
    }

    private func words(_ resumption: Machine.Resumption) -> String {
        switch resumption {
        case .response(let waiter, .success(let response)):
            "\(waiter): \(response.status) \(String(decoding: response.body, as: UTF8.self))"
        case .response(let waiter, .failure(let error)): "\(waiter): \(error.code)"
        case .chunk(let waiter, .success(let chunk)):
            "\(waiter): \(chunk.map { String(decoding: $0, as: UTF8.self) } ?? "end")"
        case .chunk(let waiter, .failure(let error)): "\(waiter): \(error.code)"
        }
    }

    private let lost = HTTPError(code: .connectionLost, message: "", url: "")

    private func machine(_ delivery: Machine.Delivery, limit: Int = 10) -> Machine {
        Machine(delivery: delivery, bodyLimit: limit, url: "http://a/")
    }

    /// Feeds events, each a word, and tells the actions.
    ///
    /// `begin`, `head`, `next:waiter`, `end`, `fail`, `cancel`; anything else is a piece of the body.
    private func run(_ machine: Machine, _ events: [String]) -> [String] {
        var machine = machine
        return events.map { event in
            switch event {
            case "begin": return words(machine.begin("task"))
            case "head": return words(machine.headReceived(status: 200, headers: [:]))
            case "end": return words(machine.ended(nil))
            case "fail": return words(machine.ended(lost))
            case "cancel": return words(machine.cancelled())
            case let event where event.hasPrefix("next:"): return words(machine.nextChunk(String(event.dropFirst(5))))
            case let event: return words(Array(event.utf8).withUnsafeBytes { machine.bodyReceived($0) })
            }
        }
    }

    @Test(arguments: [
        ("begin head ab cd end", ["start", "none", "none", "none", "task: 200 abcd"]),
        ("begin head end", ["start", "none", "task: 200 "]),
        ("begin fail", ["start", "task: connectionLost"]),
        ("begin end", ["start", "task: connectionLost"]),
        ("begin head ab fail", ["start", "none", "none", "task: connectionLost"]),
        ("begin head 12345678 901 more fail", ["start", "none", "none", "task: bodyTooLarge, abort", "abort", "none"]),
        ("begin cancel fail", ["start", "task: cancelled, abort", "none"]),
        ("begin head ab cancel cd end", ["start", "none", "none", "task: cancelled, abort", "abort", "none"]),
        ("cancel begin", ["none", "task: cancelled"]),
        ("begin head end cancel", ["start", "none", "task: 200 ", "none"]),
        ("begin begin end", ["start", "task: invalidRequest", "task: connectionLost"]),
    ])
    func wholeResponses(events: String, actions: [String]) {
        #expect(run(machine(.whole), events.split(separator: " ").map(String.init)) == actions)
    }

    @Test(arguments: [
        ("begin head next:a ab next:b end", ["start", "task: 200 ", "none", "a: ab", "none", "b: end"]),
        ("begin head ab cd next:a end next:b", ["start", "task: 200 ", "none", "none", "a: abcd", "none", "b: end"]),
        (
            "begin head ab end next:a next:b next:c",
            ["start", "task: 200 ", "none", "none", "a: ab", "b: end", "c: end"]
        ),
        (
            "begin head ab fail next:a next:b next:c",
            ["start", "task: 200 ", "none", "none", "a: ab", "b: connectionLost", "c: end"]
        ),
        ("begin head next:a fail next:b", ["start", "task: 200 ", "none", "a: connectionLost", "b: end"]),
        ("begin head next:a cancel ab end", ["start", "task: 200 ", "none", "a: cancelled, abort", "abort", "none"]),
        ("begin head ab cancel next:a next:b", ["start", "task: 200 ", "none", "abort", "a: cancelled", "b: end"]),
        ("begin head ab end cancel next:a", ["start", "task: 200 ", "none", "none", "none", "a: cancelled"]),
        (
            "begin head 12345678 901 fail next:a",
            ["start", "task: 200 ", "none", "abort", "none", "a: bodyTooLarge"]
        ),
        ("begin head next:a next:b ab", ["start", "task: 200 ", "none", "b: invalidRequest", "a: ab"]),
        ("begin cancel head ab", ["start", "task: cancelled, abort", "none", "abort"]),
    ])
    func streamedResponses(events: String, actions: [String]) {
        #expect(run(machine(.streamed), events.split(separator: " ").map(String.init)) == actions)
    }

    @Test(arguments: [Machine.Delivery.whole, .streamed])
    func noOrderOfEventsResumesAWaiterTwice(delivery: Machine.Delivery) {
        var generator = SeededGenerator(seed: 42)
        let words = ["begin", "head", "ab", "1234567", "end", "fail", "cancel", "next"]
        for round in 0..<2000 {
            let events = (0..<12).map { number -> String in
                let word = words[Int.random(in: 0..<words.count, using: &generator)]
                return word == "next" ? "next:w\(number)" : word
            }
            // A second begin has the same waiter's name as the first.
            let sequence = ["begin"] + events.filter { $0 != "begin" } + ["fail"]
            let resumed = run(machine(delivery), sequence)
                .compactMap { $0.contains(": ") ? String($0.prefix { $0 != ":" }) : nil }
            #expect(Set(resumed).count == resumed.count, "Round \(round): \(sequence)")
            // The end of the transfer leaves nobody waiting.
            let waiters = ["task"] + events.filter { $0.hasPrefix("next:") }.map { String($0.dropFirst(5)) }
            #expect(Set(resumed) == Set(waiters), "Round \(round): \(sequence)")
        }
    }
}
