import AsyncSupport
import Foundation
import LoopbackSupport
import MQTTClient
import Testing

@Suite("Messages from a real mosquitto", .serialized, .timeLimit(.minutes(4))) struct MQTTDeliveriesTests {
    private func broker() throws -> MosquittoBroker {
        try MosquittoBroker(
            [
                "allow_anonymous true", "persistence true", "persistence_location FOLDER/", "autosave_interval 1",
                "autosave_on_changes true", "log_type all",
            ])
    }

    private func deliveries(
        _ broker: MosquittoBroker, patience: Duration = .seconds(30), connected: Recorder<Bool> = Recorder()
    ) -> MQTTDeliveries {
        MQTTDeliveries(
            of: "in/requests", from: MQTTBroker(host: "127.0.0.1", port: Int(broker.port)), clientID: "reports-intake",
            patience: patience, pauses: Backoff(first: .milliseconds(50), longest: .milliseconds(200))
        ) { event in
            connected.append(event == .connected)
        }
    }

    private func text(_ delivery: MQTTDelivery?) -> String? {
        delivery.map { String(decoding: $0.message.payload, as: UTF8.self) }
    }

    @Test("A message is acknowledged when it is handled, and not before") func acknowledgedAfterwards() async throws {
        let broker = try broker()
        try await broker.start()
        defer { broker.remove() }
        let connected = Recorder<Bool>()
        var messages = deliveries(broker, connected: connected).makeAsyncIterator()
        let reader = Task { () -> [String?] in
            let first = await messages.next()
            let before = broker.log.contains("Received PUBACK")
            first?.acknowledge()
            try await eventually(broker.log) { broker.log.contains("Received PUBACK") }
            return [text(first), "\(before)"]
        }
        try await eventually(broker.log) { broker.log.contains("Sending SUBACK") }
        try await broker.publish("one", to: "in/requests")
        #expect(try await reader.value == ["one", "false"])
    }

    @Test("What is put back, or not handled in time, comes again; what was acknowledged doesn't") func comesAgain()
        async throws
    {
        let broker = try broker()
        try await broker.start()
        defer { broker.remove() }
        let (read, log) = (Recorder<String>(), Recorder<Bool>())
        let reader = Task {
            for await delivery in deliveries(broker, patience: .seconds(5), connected: log) {
                let text = text(delivery) ?? ""
                let times = read.all.filter { $0 == text }.count
                read.append(text)
                switch (text, times) {
                case ("b", 0): delivery.putBack()
                // Left to time.
                case ("c", 0): break
                default: delivery.acknowledge()
                }
            }
        }
        defer { reader.cancel() }
        try await eventually(broker.log) { broker.log.contains("Sending SUBACK") }
        for text in ["a", "b", "c", "d"] { try await broker.publish(text, to: "in/requests") }
        try await eventually("\(read.all)") { read.all.last == "d" && read.all.contains("c") }
        #expect(read.all.filter { $0 == "a" }.count == 1)
        #expect(read.all.filter { $0 == "b" }.count == 2)
        #expect(read.all.filter { $0 == "c" }.count == 2)
    }

    @Test("Messages that come while we, or the broker, are away are read later") func away() async throws {
        let broker = try broker()
        try await broker.start()
        defer { broker.remove() }
        // So that the broker knows us.
        let first = Task { for await delivery in deliveries(broker) { delivery.acknowledge() } }
        try await eventually(broker.log) { broker.log.contains("Sending SUBACK") }
        first.cancel()
        await first.value
        try await eventually(broker.log) {
            broker.log.contains("closed its connection") || broker.log.contains("disconnected")
        }
        for number in 0..<30 { try await broker.publish("\(number)", to: "in/requests") }
        broker.stop()
        try await broker.start()
        let read = Recorder<String>()
        let reader = Task {
            for await delivery in deliveries(broker) {
                if read.append(text(delivery) ?? "") == 10 {
                    // In the middle, with a message in hand.
                    broker.stop()
                    try await broker.start()
                }
                delivery.acknowledge()
            }
        }
        defer { reader.cancel() }
        try await eventually("\(read.all)") { Set(read.all).count == 30 }
        // The one in hand comes again, with those of the same batch.
        #expect(read.all.count < 60)
    }
}
