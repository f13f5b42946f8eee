import AsyncSupport
import ControllerRuntime
import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import MQTTClient
import PrometheusMetrics
import ReportAPI
import Synchronization
import TestSupport
import Testing

@testable import CourierController

/// Requests that come through a real mosquitto, and an API server in this process.
@Suite(.serialized, .timeLimit(.minutes(4))) struct ChannelIntakeTests {
    /// What is around an intake.
    struct Bed: Sendable {
        let broker: MosquittoBroker
        let server: InMemoryAPIServer
        let cache = CourierCache(namespace: "report-operator")
        let standings = IntakeStandings { _ in }
        let replies = Recorder<String>()
        var topics = ReportChannelSpec.MQTT.Intake(topic: "plant/requests", replyTopic: "plant/answers")

        var target: MQTTBroker { MQTTBroker(host: "127.0.0.1", port: Int(broker.port)) }

        init(_ lines: [String] = [], faults: @escaping @Sendable (APICall) -> APIFault? = { _ in nil }) throws {
            broker = try MosquittoBroker(
                ["allow_anonymous true", "persistence true", "persistence_location FOLDER/", "log_type all"] + lines)
            server = InMemoryAPIServer(faults: faults)
            for (name, label) in [("north", "allowed"), ("south", "allowed"), ("closed", "no")] {
                var metadata = ObjectMeta(name: name, namespace: "")
                metadata.labels = [ReportsAPI.Label.intake: label]
                try server.insert(Namespace(metadata: metadata))
            }
        }

        func intake(_ selector: NamespaceSelector = NamespaceSelector()) -> ChannelIntake {
            let spec = ReportChannelSpec(
                type: .mqtt, allowedNamespaces: selector,
                mqtt: .init(server: "mqtt://127.0.0.1:\(broker.port)", topic: "reports", intake: topics))
            return ChannelIntake(
                name: "plant", spec: spec, intake: topics, broker: target, namespace: "report-operator",
                creator: IntakeCreator(cache: cache, client: server.client), standings: standings,
                metrics: IntakeMetrics(registry: MetricsRegistry(), standings: standings),
                logger: Logger(label: "tests"))
        }

        /// Runs `body` beside an intake and somebody who reads the answers.
        func run(_ body: () async throws -> Void) async throws {
            let namespaces = try #require(cache.namespaces)
            let watch = Task {
                try await Reflector(
                    store: namespaces, source: ClientListerWatcher(client: server.client), name: "namespaces",
                    logger: Logger(label: "tests"), metrics: MetricsRegistry()
                ).run()
            }
            defer { watch.cancel() }
            try await namespaces.waitUntilSynced()
            try await broker.start()
            defer { broker.remove() }
            let reader = Task {
                for await delivery in MQTTDeliveries(of: topics.replyTopic, from: target, clientID: "reader") {
                    replies.append(String(decoding: delivery.message.payload, as: UTF8.self))
                    delivery.acknowledge()
                }
            }
            defer { reader.cancel() }
            try await eventually(broker.log) { broker.log.contains("Sending SUBACK to reader") }
            try await body()
        }

        func withIntake(_ body: () async throws -> Void) async throws {
            let task = Task { await intake().run() }
            defer { task.cancel() }
            try await eventually(broker.log) { standings.standing(of: "plant") == .reading }
            try await body()
            task.cancel()
            await task.value
        }

        func ask(_ text: String, _ options: String...) async throws {
            try await broker.publish(text, to: topics.topic, options: options)
        }

        func answers(_ count: Int) async throws -> [String] {
            try await eventually("\(count) answers: \(replies.all) \(broker.log.suffix(1500))") {
                replies.all.count >= count
            }
            return replies.all
        }

        func requests(_ namespace: String = "north") async throws -> [ReportRequest] {
            try await server.client.list(ReportRequest.self, namespace: namespace).items
        }
    }

    private static let good =
        #"{"id": "oee-1", "namespace": "north", "pipeline": "oee", "parameters": {"day": "2026-11-27"}}"#

    @Test func eachMessageIsAnsweredAndOneIdIsOneRequest() async throws {
        let bed = try Bed()
        try await bed.run {
            try await bed.withIntake {
                try await bed.ask(Self.good)
                try await bed.ask(Self.good)
                try await bed.ask(Self.good.replacingOccurrences(of: "-27", with: "-28"))
                try await bed.ask(#"{"id": "x", "namespace": "closed", "pipeline": "oee"}"#)
                try await bed.ask(#"{"id": "x", "pipeline": "oee"}"#)
                try await bed.ask(#"{"id": "x", "namespace": "north", "pipelin": "oee"}"#)
                try await bed.ask("not json")
                let answers = try await bed.answers(7)
                let requests = try await bed.requests()
                let uid = requests.first?.metadata.uid ?? ""
                #expect(requests.map(\.metadata.name) == ["oee-1"])
                #expect(requests.first?.metadata.labels[ReportsAPI.Label.intake] == "mqtt")
                #expect(requests.first?.spec.value?.parameters?["day"] == .string("2026-11-27"))
                let accepted = #"{"id":"oee-1","namespace":"north","outcome":"accepted","uid":"\#(uid)"}"#
                #expect(answers[0] == accepted && answers[1] == accepted)
                #expect(answers[2].contains("that asks for something else; choose another id"))
                #expect(answers[3].contains("kubectl label namespace closed reports.ers.dev/intake=allowed"))
                #expect(answers[4].contains("namespace: is required"))
                #expect(answers[5].contains(#"\"pipelin\": is unknown; known are id, namespace"#))
                #expect(answers[6].contains("is not a JSON object such as"))
                #expect(answers[2...].allSatisfy { $0.contains(#""outcome":"refused""#) })
            }
        }
    }

    @Test func whatTheBrokerKeepsIsRefusedOnceAndWhatIsHugeDoesNoHarm() async throws {
        let bed = try Bed()
        try await bed.run {
            try await bed.ask(Self.good, "-r")
            try await bed.withIntake {
                #expect(try await bed.answers(1)[0].contains("publish it without retain"))
                let sender = MQTTClient(to: bed.target)
                let huge = Data(repeating: UInt8(ascii: "x"), count: 40 << 20)
                #expect(await sender.publish(bed.topics.topic, huge, by: .now + .seconds(60)) == .confirmed)
                try await bed.ask(Self.good.replacingOccurrences(of: "oee-1", with: "oee-2"))
                let answers = try await bed.answers(3)
                #expect(answers[1].contains("the message has 41943040 bytes; at most 262144 are allowed"))
                #expect(answers[2].contains(#""outcome":"accepted""#))
                #expect(try await bed.requests().map(\.metadata.name) == ["oee-2"])
            }
        }
    }

    @Test func neitherALostAnswerOfTheServerNorARestartOfTheBrokerLosesOrDoublesOne() async throws {
        let isLost = Mutex(false)
        let bed = try Bed { call in
            guard call.verb == .create else { return nil }
            return isLost.withLock { isLost in
                defer { isLost = true }
                return isLost ? nil : .replyLost
            }
        }
        try await bed.run {
            try await bed.withIntake {
                try await bed.ask(Self.good)
                #expect(try await bed.answers(1)[0].contains(#""outcome":"accepted""#))
                bed.broker.stop()
                try await bed.broker.start()
                for number in 2...6 {
                    try await bed.ask(Self.good.replacingOccurrences(of: "oee-1", with: "oee-\(number)"))
                }
                _ = try await bed.answers(6)
                #expect(try await bed.requests().map(\.metadata.name).sorted() == (1...6).map { "oee-\($0)" })
                try await eventually("it reads again") { bed.standings.standing(of: "plant") == .reading }
            }
        }
    }

    /// Killed between the request's creation and the acknowledgement: the next takes the message for the same request.
    @Test func whoDiesBeforeTheAcknowledgementLeavesItToTheNext() async throws {
        let bed = try Bed()
        try await bed.run {
            let first = Task { await bed.intake().run() }
            try await eventually(bed.broker.log) { bed.standings.standing(of: "plant") == .reading }
            try await bed.ask(Self.good)
            try await eventually("it is made") { try await !bed.requests().isEmpty }
            bed.broker.freeze()
            first.cancel()
            await first.value
            bed.broker.thaw()
            try await bed.withIntake {
                let answers = try await bed.answers(1)
                #expect(answers[0].contains(#""outcome":"accepted""#))
                let requests = try await bed.requests()
                #expect(requests.count == 1)
            }
        }
    }

    @Test func aCourierWithoutTheRightSaysSoAndTheMessageWaits() async throws {
        let isAllowed = Mutex(false)
        let bed = try Bed { call in
            guard call.verb == .create, !isAllowed.withLock({ $0 }) else { return nil }
            return .status(403, "Forbidden", #"User "courier" cannot create resource "reportrequests""#)
        }
        try await bed.run {
            try await bed.withIntake {
                try await bed.ask(Self.good)
                try await eventually("it says so") {
                    guard case .stuck(let words, mayPass: false)? = bed.standings.standing(of: "plant") else {
                        return false
                    }
                    return words.contains("apply manifests/components/mqtt-intake")
                }
                #expect(bed.replies.all.isEmpty)
                isAllowed.withLock { $0 = true }
                #expect(try await bed.answers(1)[0].contains(#""outcome":"accepted""#))
                try await eventually("it says that it reads again") { bed.standings.standing(of: "plant") == .reading }
            }
        }
    }

    @Test func aChannelsNamespacesAreItsOwnWhateverTheirLabelSays() async throws {
        let bed = try Bed()
        try await bed.run {
            let only = NamespaceSelector(matchLabels: ["plant": "yes"])
            let task = Task { await bed.intake(only).run() }
            defer { task.cancel() }
            try await eventually(bed.broker.log) { bed.standings.standing(of: "plant") == .reading }
            try await bed.ask(Self.good)
            #expect(try await bed.answers(1)[0].contains("is not among the channel's allowedNamespaces"))
            #expect(try await bed.requests().isEmpty)
        }
    }

    @Test func aNameForTheBrokerIsOfAChannelAndItsTopic() {
        let one = ChannelIntake.clientID(namespace: "a", channel: "b", topic: "c")
        #expect(one.hasPrefix("ers-") && one.utf8.count == 22)
        #expect(one != ChannelIntake.clientID(namespace: "a", channel: "b", topic: "d"))
        #expect(one == ChannelIntake.clientID(namespace: "a", channel: "b", topic: "c"))
    }
}
