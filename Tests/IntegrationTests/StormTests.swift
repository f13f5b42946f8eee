import ClusterSupport
import Foundation
import KubernetesModel
import ReportAPI
import Synchronization
import TestSupport
import Testing

/// Everything at once that may come between an operator and its API server: refusals, errors, what a proxy says in the
/// server's place, answers that are late, cut, lost or come byte by byte, requests that arrive twice, connections that
/// fall silent.
@Suite struct StormTests {
    /// Which faults pass: seeded, and enough for the storm to end by itself.
    private final class Storm: Sendable {
        private struct State {
            var random: SeededGenerator
            var left = 120
            var silences = 3
            var counts: [String: Int] = [:]
            var end: ContinuousClock.Instant?
        }

        private let state: Mutex<State>

        init(seed: UInt64) { state = Mutex(State(random: SeededGenerator(seed: seed))) }

        /// How often each came.
        var counts: [String: Int] { state.withLock { $0.counts } }

        /// When the last one came; nil while there are more.
        var end: ContinuousClock.Instant? { state.withLock { $0.end } }

        func fault(_ call: FaultProxy.Call) -> FaultProxy.Fault {
            state.withLock { state in
                guard state.left > 0, Int.random(in: 0..<100, using: &state.random) < 45 else { return .none }
                let (name, fault) = Self.draw(call, &state)
                state.counts[name, default: 0] += 1
                state.left -= 1
                if state.left == 0 { state.end = .now }
                return fault
            }
        }

        private static func draw(_ call: FaultProxy.Call, _ state: inout State) -> (String, FaultProxy.Fault) {
            switch Int.random(in: 0..<12, using: &state.random) {
            // A creator must not hear that its object is there already, which would be a lie.
            case 0 where call.method == "PATCH": return ("409", status(409, "Conflict"))
            case 0, 1: return ("429", status(429, "TooManyRequests"))
            case 2: return ("429 with Retry-After", status(429, "TooManyRequests", "Retry-After: 1\r\n"))
            case 3: return ("500", status(500, "InternalError"))
            case 4: return ("503", status(503, "ServiceUnavailable"))
            case 5: return ("502 in HTML", page(502, "<html><body>Bad gateway</body></html>"))
            case 6: return ("delayed", .delayed(milliseconds: .random(in: 50...1500, using: &state.random)))
            case 7: return ("cut", .cut(afterBytes: .random(in: 0...600, using: &state.random)))
            case 8: return ("trickled", .trickled)
            case 9 where call.isWrite: return ("doubled", .doubled)
            case 10 where call.isWrite: return ("answer lost", .loseAnswer)
            case 11 where state.silences > 0:
                state.silences -= 1
                return ("vanished", .vanished)
            default: return ("request lost", .loseRequest)
            }
        }

        private static func status(_ code: Int, _ reason: String, _ headers: String = "") -> FaultProxy.Fault {
            let status: JSONObject = [
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "a storm",
                "reason": .string(reason), "code": .integer(Int64(code)),
            ]
            let body = (try? JSONEncoder().encode(JSONValue.object(status))) ?? Data()
            return response(code, "application/json", headers, String(decoding: body, as: UTF8.self))
        }

        private static func page(_ code: Int, _ body: String) -> FaultProxy.Fault {
            response(code, "text/html", "", body)
        }

        private static func response(
            _ code: Int, _ type: String, _ headers: String, _ body: String
        ) -> FaultProxy.Fault {
            let head = "HTTP/1.1 \(code) Storm\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
            return .answered(Data("\(head)\(headers)\r\n\(body)".utf8))
        }
    }

    @Test func runsEndRightThroughAStorm() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("StormTests: seed \(seed)")
        let storm = Storm(seed: seed)
        try await KubectlProxy.run { upstream in
            let proxy = FaultProxy(upstream: upstream) { storm.fault($0) }
            try await TestBed.run(
                fate: { pod in
                    if pod.request.hasPrefix("fails") { return .fails(exitCode: 3, message: "no") }
                    return pod.request.hasPrefix("stops") ? .runs : .succeeds
                }, prepare: { _, _ in proxy.configuration }
            ) { bed in
                try await Self.run(bed, seed)
                let ended = ContinuousClock.now
                let counts = storm.counts
                #expect(storm.end != nil, "the storm was to be over before the runs: \(counts), seed \(seed)")
                #expect(counts.count >= 11, "\(counts)")
                print(
                    "StormTests: all ended \(storm.end.map { ended - $0 } ?? .zero) after the last of "
                        + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
            }
        }
    }

    /// Enough for the storm to be over before they are: four that wait for each other, twelve of which five may run, one that
    /// fails and one that is stopped.
    private static func run(_ bed: TestBed, _ seed: UInt64) async throws {
        try await bed.createPipeline("wide", stages: ["one", "two", "three"], more: "concurrency: {limit: 5}")
        try await bed.createPipeline("narrow", stages: ["one", "two"], more: "concurrency: {limit: 1}")
        let narrow = (1...4).map { "narrow-\($0)" }
        let wide = (1...12).map { "wide-\($0)" }
        for name in narrow { try await bed.createRequest(name, of: "narrow") }
        for name in wide + ["fails", "stops"] { try await bed.createRequest(name, of: "wide") }
        try await bed.wait(for: "stops", within: .seconds(300), phase: .running)
        _ = try await bed.cluster.wait(
            forAll: Pod.self, in: bed.namespace, within: .seconds(300), "a pod of stops runs"
        ) {
            $0.contains { $0.request == "stops" && $0.status?.phase == "Running" }
        }
        try await bed.patchRequest("stops", "spec: {cancel: true}")
        for name in narrow + wide {
            let done = try await bed.wait(for: name, within: .seconds(300), phase: .succeeded)
            #expect(done.stagePhases.allSatisfy { $0 == .succeeded }, "seed \(seed)")
        }
        #expect(
            try await bed.wait(for: "fails", within: .seconds(300), phase: .failed).stagePhases
                == [.failed, .skipped, .skipped], "seed \(seed)")
        try await bed.wait(for: "stops", within: .seconds(300), phase: .cancelled)
        let creations = try bed.jobCreations()
        #expect(creations.values.allSatisfy { $0 == 1 }, "seed \(seed): \(creations)")
        // Two stages of each narrow one, three of each wide one, and the first of the other two.
        #expect(creations.count == 46, "seed \(seed): \(creations.count)")
        let (ofOne, ofFive) = (
            bed.history.mostAtOnce(of: { $0.hasPrefix("narrow") }),
            bed.history.mostAtOnce(of: { !$0.hasPrefix("narrow") })
        )
        #expect(ofOne == 1 && ofFive <= 5, "seed \(seed): \(ofOne), \(ofFive)")
    }
}
