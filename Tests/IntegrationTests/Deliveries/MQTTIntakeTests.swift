import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import MQTTClient
import ReportAPI
import Testing

/// Requests that programs publish with `mosquitto_pub`, taken in by a courier as a program, into a real API server.
@Suite(.serialized, .timeLimit(.minutes(8))) struct MQTTIntakeTests {
    static func channel(_ broker: MosquittoBroker) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportChannel
        metadata: {name: plant}
        spec:
          type: MQTT
          allowedNamespaces: {}
          allowPrivateAddresses: true
          mqtt:
            server: mqtt://127.0.0.1:\(broker.port)
            topic: reports
            intake: {topic: plant/requests, replyTopic: plant/answers}
        """
    }

    private struct Bed {
        let cluster: LiveCluster
        let namespace: String
        let broker: MosquittoBroker
        let answers = Recorder<String>()

        func courier() throws -> CourierProcess {
            try CourierProcess(
                uri: "mongodb://127.0.0.1:1/reports",
                kubeconfig: cluster.kubeconfig ?? ProcessInfo.processInfo.environment["KUBECONFIG"],
                options: ["--namespace", namespace, "--courier-namespace", namespace])
        }

        func ask(_ id: String, _ more: String = "") async throws {
            try await broker.publish(
                #"{"id": "\#(id)", "namespace": "\#(namespace)", "pipeline": "oee"\#(more)}"#, to: "plant/requests")
        }

        func requests() async throws -> [String] {
            try await cluster.client.list(ReportRequest.self, namespace: namespace).items.map(\.metadata.name).sorted()
        }

        func waitUntilReady(_ status: String, _ words: String) async throws {
            _ = try await cluster.wait(for: ReportChannel.self, "plant", in: namespace, "\(status): \(words)") {
                $0?.status?.ready?.status == status && $0?.status?.ready?.message.contains(words) == true
            }
        }
    }

    private func run(_ body: (Bed) async throws -> Void) async throws {
        let cluster = try LiveCluster()
        let broker = try MosquittoBroker(
            ["allow_anonymous true", "persistence true", "persistence_location FOLDER/", "log_type all"])
        try await broker.start()
        defer { broker.remove() }
        try await cluster.withNamespace { namespace in
            try await cluster.kubectl("label", "namespace", namespace, "reports.ers.dev/intake=allowed")
            try await cluster.apply(Self.channel(broker), in: namespace)
            let bed = Bed(cluster: cluster, namespace: namespace, broker: broker)
            let target = MQTTBroker(host: "127.0.0.1", port: Int(broker.port))
            let reader = Task {
                for await delivery in MQTTDeliveries(of: "plant/answers", from: target, clientID: "reader") {
                    bed.answers.append(String(decoding: delivery.message.payload, as: UTF8.self))
                    delivery.acknowledge()
                }
            }
            defer { reader.cancel() }
            try await eventually(broker.log) { broker.log.contains("Sending SUBACK to reader") }
            try await body(bed)
        }
    }

    @Test func requestsComeThroughABrokerThatIsRestartedInBetween() async throws {
        try await run { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.waitUntilReady("True", "takes requests in from plant/requests, and answers on plant/answers")
            for number in 1...5 { try await bed.ask("r-\(number)") }
            try await eventually("all are answered: \(courier.log.suffix(2000))") { bed.answers.all.count == 5 }
            bed.broker.stop()
            try await bed.waitUntilReady("False", "no requests are taken in from plant/requests")
            try await bed.broker.start()
            for number in 4...9 { try await bed.ask("r-\(number)") }
            try await bed.ask("r-1", #", "parameters": {"day": "2026-11-27"}"#)
            try await eventually("all are answered: \(courier.log.suffix(2000))", within: .seconds(90)) {
                // Some come twice: what wasn't acknowledged when the broker ended.
                let answers = bed.answers.all
                return answers.contains { $0.contains("refused") }
                    && (1...9).allSatisfy { number in
                        answers.contains { $0.contains("\"r-\(number)\"") && $0.contains("accepted") }
                    }
            }
            #expect(try await bed.requests() == (1...9).map { "r-\($0)" })
            let refused = bed.answers.all.filter { $0.contains("refused") }
            #expect(
                refused.allSatisfy { $0.contains("r-1") && $0.contains("asks for something else; choose another id") })
            try await bed.waitUntilReady("True", "takes requests in")
        }
    }

    /// Killed when the request is there and the broker hasn't heard of it.
    @Test func aCourierThatIsKilledBeforeTheAcknowledgementLosesAndDoublesNothing() async throws {
        try await run { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.waitUntilReady("True", "takes requests in")
            for round in 1...5 {
                try await bed.ask("k-\(round)")
                try await eventually("k-\(round) is made", every: .milliseconds(2)) {
                    try await bed.requests().contains("k-\(round)")
                }
                if round == 5 {
                    courier.crash()
                    break
                }
            }
            // Those that come while nobody reads wait at the broker.
            try await bed.ask("k-6")
            let next = try bed.courier()
            defer { next.end() }
            try await eventually("all are answered: \(next.log.suffix(2000))", within: .seconds(90)) {
                Set(bed.answers.all).count == 6
            }
            #expect(try await bed.requests() == (1...6).map { "k-\($0)" })
            #expect(bed.answers.all.allSatisfy { $0.contains(#""outcome":"accepted""#) })
        }
    }
}
