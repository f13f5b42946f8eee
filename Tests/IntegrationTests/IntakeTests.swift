import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import RedisClient
import ReportAPI
import ServiceSupport
import Testing

/// Requests that come by way of Redis.
@Suite(.serialized) struct IntakeTests {
    @Test func aThousandMessagesMakeExactlyTheRightRequests() async throws {
        try await Outside.run([.redis], "intake") { outside in
            // The pipeline isn't there, so nothing runs: this is about the way in.
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                var commands: [RedisCommand] = []
                for number in 0..<1000 {
                    let name = "r-\(number % 800)"
                    switch number % 10 {
                    case 9: commands.append(.ask(id: "Not A Name \(number)"))
                    case 8: commands.append(.ask(id: "g-\(number)", "parameters", "{not json"))
                    default: commands.append(.ask(id: name, "parameters", .text(#"{"n": \#(number % 800)}"#)))
                    }
                }
                // The same name for something else.
                commands.append(.ask(id: "r-1", "parameters", #"{"n": 5}"#))
                let expected = Set((0..<1000).filter { $0 % 10 < 8 }.map { "r-\($0 % 800)" })
                let begin = ContinuousClock.now
                for reply in try await outside.redis.sendAll(commands) { #expect(reply.string != nil) }
                try await outside.waitUntilSettled()
                let seconds = Double((ContinuousClock.now - begin).components.seconds) + 0.5
                print("IntakeTests: 1001 messages became \(expected.count) requests in about \(seconds) s")
                let made = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items
                #expect(Set(made.map(\.metadata.name)) == expected)
                #expect(made.count == expected.count)
                let rejected = try await outside.redis.send(RedisCommand("XLEN", "reports:rejected")).integer
                #expect(rejected == 201)
            }
        }
    }

    @Test func aMessageWhoseTakerDiedBeforeItsAnswerMakesOneRequest() async throws {
        try await Outside.run([.redis], "dies") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                try await bed.createPipeline()
                _ = try await outside.redis.send(.ask(id: "first"))
                try await bed.wait(for: "first", phase: .succeeded)
                // Redis hangs as the request is made, so that the acknowledgement can't reach it; then the operator ends.
                _ = try await outside.redis.send(.ask(id: "second"))
                try await outside.services.pause(.redis)
                bed.operator.crash()
                await bed.operator.stop()
                try await outside.services.resume(.redis)
                try await bed.withOperator(bed.cluster.configuration) { _ in
                    try await bed.wait(for: "second", phase: .succeeded)
                    try await outside.waitUntilSettled()
                    #expect(
                        try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items.count == 2
                    )
                }
            }
        }
    }

    @Test func eventsOfARedisThatWasAwayComeLaterInTheirOrder() async throws {
        try await Outside.run([.redis], "events") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                try await bed.waitUntilOperatorHas(try await bed.createPipeline(stages: ["one", "two"]))
                try await bed.createRequest("before")
                try await bed.wait(for: "before", phase: .succeeded)
                try await outside.services.kill(.redis)
                try await bed.createRequest("during")
                try await bed.wait(for: "during", phase: .succeeded)
                try await outside.services.start(.redis)
                try await eventually("all events are there") {
                    try await outside.events() == [
                        "before/1/Running", "before/1/Succeeded", "during/1/Running", "during/1/Succeeded",
                    ]
                }
                // Another operator tells nothing twice.
                await bed.operator.stop()
                try await bed.withOperator(bed.cluster.configuration) { second in
                    try await second.waitUntilReady()
                    try await bed.createRequest("after")
                    try await bed.wait(for: "after", phase: .succeeded)
                    try await eventually("the later events are there") { try await outside.events().count == 6 }
                    #expect(try await outside.events().suffix(2) == ["after/1/Running", "after/1/Succeeded"])
                }
            }
        }
    }
}

extension RedisCommand {
    static func ask(id: String, _ more: RedisArgument...) -> RedisCommand {
        RedisCommand("XADD", ["reports:requests", "*", "id", .text(id), "pipeline", "report"] + more)
    }
}

extension Outside {
    /// Why messages were rejected, in their order.
    func rejections() async throws -> [String] {
        let entries = try await redis.send(RedisCommand("XRANGE", "reports:rejected", "-", "+")).array ?? []
        return entries.compactMap { $0.array?.last?.array?[3].string }
    }

    /// Returns when no message is left that nobody has read or that isn't settled.
    func waitUntilSettled() async throws {
        try await eventually("every message is settled", within: .seconds(180)) {
            let groups = try await redis.send(RedisCommand("XINFO", "GROUPS", "reports:requests")).array ?? []
            let fields = groups.first?.array ?? []
            let values = Dictionary(
                stride(from: 0, to: fields.count - 1, by: 2).map { (fields[$0].string ?? "", fields[$0 + 1]) }
            ) { $1 }
            return values["pending"]?.integer == 0 && values["lag"]?.integer == 0
        }
    }
}
