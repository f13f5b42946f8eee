import AsyncSupport
import Foundation
import LoopbackSupport
import MQTTClient
import NetworkAddresses
import Testing

@Suite("Messages to a real mosquitto", .serialized, .timeLimit(.minutes(4))) struct MQTTClientTests {
    static let certificates = Result { try TestCertificates() }

    private func client(
        _ broker: MosquittoBroker, host: String = "127.0.0.1", tls: MQTTBroker.TLS? = nil, user: String? = nil,
        password: String? = nil, linger: Duration = .seconds(10)
    ) -> MQTTClient {
        var to = MQTTBroker(host: host, port: Int(broker.port), tls: tls)
        to.user = user
        to.password = password
        return MQTTClient(to: to, linger: linger)
    }

    private func fault(in publication: MQTTPublication) -> MQTTError? {
        switch publication {
        case .confirmed: nil
        case .unsent(let error), .uncertain(let error): error
        }
    }

    /// Sends that number at once. Returns what became of them.
    private func send(
        _ count: Int, through client: MQTTClient, within limit: Duration = .seconds(60),
        each: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> [MQTTPublication] {
        let done = Recorder<Int>()
        return await withTaskGroup { group in
            for number in 0..<count {
                group.addTask {
                    let outcome = await client.publish("t/a", Data("\(number)".utf8), by: .now + limit)
                    each(done.append(number))
                    return outcome
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    // MARK: Sending

    @Test("A thousand messages are confirmed, each with its bytes") func thousand() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true", "max_queued_messages 5000", "log_type all"])
        try await broker.start()
        defer { broker.remove() }
        let reader = Task.detached { try await broker.read(1000, of: "t/#", format: "%p") }
        try await eventually(broker.log) { broker.log.contains("Sending SUBACK") }
        let outcomes = await send(1000, through: client(broker))
        #expect(outcomes.allSatisfy { $0 == .confirmed } && outcomes.count == 1000)
        #expect(Set(try await reader.value) == Set((0..<1000).map { "\($0)" }))
    }

    @Test("What was on its way when the broker was killed is sent again, and confirmed") func restart() async throws {
        let broker = try MosquittoBroker(
            ["allow_anonymous true", "persistence true", "persistence_location FOLDER/", "max_queued_messages 5000"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        let half = Flag()
        async let sent = send(1000, through: client) { if $0 == 300 { half.raise() } }
        try await eventually { half.isRaised }
        broker.kill()
        try await broker.start()
        let outcomes = await sent
        #expect(
            outcomes.filter { $0 == .confirmed }.count == 1000,
            "\(outcomes.first { $0 != .confirmed }.debugDescription)")
    }

    @Test("A broker that stands still for a while confirms later; past the deadline nobody knows") func frozen()
        async throws
    {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        #expect(await client.publish("t/a", Data(), by: .now + .seconds(20)) == .confirmed)
        broker.freeze()
        let late = await client.publish("t/a", Data("1".utf8), by: .now + .milliseconds(300))
        guard case .uncertain(let error) = late else { Issue.record("\(late)"); return }
        #expect(error.code == .timeout && error.message == "127.0.0.1:\(broker.port) did not confirm it in time")
        async let waiting = client.publish("t/a", Data("2".utf8), by: .now + .seconds(30))
        // It stands still for as long as that takes.
        #expect(await client.publish("t/a", Data("3".utf8), by: .now + .milliseconds(300)) != .confirmed)
        broker.thaw()
        #expect(await waiting == .confirmed)
    }

    @Test("Without a broker it says at once that nothing was sent") func away() async throws {
        let port = FreePort.find()
        let client = MQTTClient(to: MQTTBroker(host: "127.0.0.1", port: Int(port)))
        let outcome = await client.publish("t/a", Data(), by: .now + .seconds(60))
        #expect(outcome == .unsent(MQTTError(.connect, "127.0.0.1:\(port): Connection refused")))
    }

    @Test("A host that takes the connection and says nothing is given up at the deadline") func mute() async throws {
        let (descriptor, port) = LoopbackSocket.listen()
        defer { close(descriptor) }
        for tls in [nil, MQTTBroker.TLS()] {
            let client = MQTTClient(to: MQTTBroker(host: "127.0.0.1", port: port, tls: tls))
            let outcome = await client.publish("t/a", Data(), by: .now + .milliseconds(400))
            guard case .unsent(let error) = outcome else { Issue.record("\(outcome)"); continue }
            #expect(error.code == .timeout)
        }
    }

    @Test("A message that isn't wanted any more when its turn comes isn't sent") func stopped() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        let outcome = await client.publish("t/a", Data(), retain: true, by: .now + .seconds(20)) { false }
        #expect(fault(in: outcome)?.code == .stopped)
        #expect(try await broker.read(1, of: "t/#", within: 1).isEmpty)
    }

    @Test("A cancelled send ends, whatever the broker does") func cancelled() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        #expect(await client.publish("t/a", Data(), by: .now + .seconds(20)) == .confirmed)
        broker.freeze()
        let begun = Flag()
        let task = Task {
            await client.publish("t/a", Data(), by: .now + .seconds(600)) {
                begun.raise()
                return true
            }
        }
        try await eventually { begun.isRaised }
        task.cancel()
        guard case .uncertain(let error) = await task.value else { Issue.record("it is known"); return }
        #expect(error.code == .cancelled)
        broker.thaw()
    }

    @Test("Topics that no broker takes, and messages that are too large for this one, are told apart") func refused()
        async throws
    {
        let broker = try MosquittoBroker(["allow_anonymous true", "max_packet_size 2000"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        for (topic, size) in [("t/+", 1), ("t/#", 1), ("", 1), ("t/a", 5000)] {
            let outcome = await client.publish(topic, Data(count: size), by: .now + .seconds(20))
            guard case .unsent(let error) = outcome else { Issue.record("\(topic): \(outcome)"); continue }
            #expect(error.code == .message, "\(topic): \(error)")
        }
        #expect(await client.publish("t/a", Data("1".utf8), by: .now + .seconds(20)) == .confirmed)
    }

    @Test("A retained message is there for who comes later") func retained() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        #expect(await client.publish("t/kept", Data("a".utf8), retain: true, by: .now + .seconds(20)) == .confirmed)
        #expect(await client.publish("t/not", Data("b".utf8), by: .now + .seconds(20)) == .confirmed)
        #expect(try await broker.read(2, of: "t/#", within: 1) == ["1 t/kept a"])
    }

    @Test("A connection that has nothing to send is closed, and made again") func lingers() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true", "log_type all"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker, linger: .milliseconds(200))
        #expect(await client.publish("t/a", Data("a".utf8), by: .now + .seconds(20)) == .confirmed)
        try await eventually(broker.log) { broker.log.contains("Received DISCONNECT") }
        #expect(await client.publish("t/a", Data("b".utf8), by: .now + .seconds(20)) == .confirmed)
    }

    // MARK: Who we are

    @Test("A wrong password is told apart from a broker that is away") func wrongPassword() async throws {
        let broker = try MosquittoBroker(["allow_anonymous false", "password_file FOLDER/passwords"])
        try await broker.setPassword("right", of: "reports")
        try await broker.start()
        defer { broker.remove() }
        let good = client(broker, user: "reports", password: "right")
        #expect(await good.publish("t/a", Data(), by: .now + .seconds(20)) == .confirmed)
        for (user, password, words) in [
            ("reports", "wrong", "refuses user reports: not authorised, which mostly is a wrong password"),
            (nil, nil, "refuses a client without a user: it wants a user"),
        ] as [(String?, String?, String)] {
            let outcome = await client(broker, user: user, password: password).publish(
                "t/a", Data(), by: .now + .seconds(20))
            #expect(outcome == .unsent(MQTTError(.credentials, "127.0.0.1:\(broker.port) \(words)")))
        }
    }

    @Test("A topic that the user may not publish to is refused, though MQTT 3.1.1 would confirm it") func accessList()
        async throws
    {
        let broker = try MosquittoBroker(
            ["allow_anonymous true", "acl_file FOLDER/acl"], files: ["acl": "topic write plant/#\n"])
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker)
        #expect(await client.publish("plant/a", Data(), by: .now + .seconds(20)) == .confirmed)
        let outcome = await client.publish("office/a", Data(), by: .now + .seconds(20))
        #expect(
            outcome
                == .unsent(
                    MQTTError(
                        .topicRefused,
                        "127.0.0.1:\(broker.port) lets a client without a user not publish to office/a; allow it there")
                ))
    }

    // MARK: TLS

    private func secureLines(_ server: String, _ more: [String] = []) throws -> [String] {
        let certificates = try Self.certificates.get()
        return [
            "allow_anonymous true", "cafile \(certificates.path("authority.pem"))",
            "certfile \(certificates.path("\(server).pem"))", "keyfile \(certificates.path("\(server).key"))",
        ] + more
    }

    @Test("A private authority's bytes are trusted, and nobody else's") func privateAuthority() async throws {
        let certificates = try Self.certificates.get()
        let broker = try MosquittoBroker(try secureLines("full"))
        try await broker.start()
        defer { broker.remove() }
        let trusted = MQTTBroker.TLS(authorities: try certificates.data("authority.pem"))
        for host in ["127.0.0.1", "localhost"] {
            let outcome = await client(broker, host: host, tls: trusted).publish("t/a", Data(), by: .now + .seconds(20))
            #expect(outcome == .confirmed)
        }
        // mosquitto sends its authority along.
        let words = "self-signed certificate in certificate chain"
        for (name, tls) in [
            ("a stranger's", MQTTBroker.TLS(authorities: try certificates.data("stranger.pem"))),
            ("the system's", MQTTBroker.TLS()),
        ] {
            let outcome = await client(broker, tls: tls).publish("t/a", Data(), by: .now + .seconds(20))
            let error = try #require(fault(in: outcome))
            #expect(error.code == .certificate && error.message.hasSuffix(words), "\(name): \(error)")
        }
        let nothing = MQTTBroker.TLS(authorities: Data("no certificate".utf8))
        let outcome = await client(broker, tls: nothing).publish("t/a", Data(), by: .now + .seconds(20))
        #expect(fault(in: outcome)?.code == .configuration)
    }

    @Test("The certificate is held against the broker's name, not against the address that it has") func name()
        async throws
    {
        let certificates = try Self.certificates.get()
        // For kubernetes.test alone.
        let broker = try MosquittoBroker(try secureLines("named"))
        try await broker.start()
        defer { broker.remove() }
        let trusted = MQTTBroker.TLS(authorities: try certificates.data("authority.pem"))
        for (host, words) in [("localhost", "hostname mismatch"), ("127.0.0.1", "IP address mismatch")] {
            let outcome = await client(broker, host: host, tls: trusted).publish("t/a", Data(), by: .now + .seconds(20))
            let error = try #require(fault(in: outcome))
            #expect(error.code == .certificate && error.message.lowercased().hasSuffix(words.lowercased()), "\(error)")
        }
    }

    @Test("A broker that wants a certificate gets ours, and says so when it is missing or a stranger's")
    func clientCertificate() async throws {
        let certificates = try Self.certificates.get()
        let broker = try MosquittoBroker(try secureLines("full", ["require_certificate true"]))
        try await broker.start()
        defer { broker.remove() }
        var tls = MQTTBroker.TLS(authorities: try certificates.data("authority.pem"))
        let without = await client(broker, tls: tls).publish("t/a", Data(), by: .now + .seconds(20))
        #expect(fault(in: without)?.code == .clientCertificate, "\(without)")
        tls.certificate = try certificates.data("stranger.pem")
        tls.key = try certificates.data("stranger.key")
        let strange = await client(broker, tls: tls).publish("t/a", Data(), by: .now + .seconds(20))
        #expect(fault(in: strange)?.code == .clientCertificate, "\(strange) \(broker.log)")
        tls.certificate = try certificates.data("client.pem")
        let mixed = await client(broker, tls: tls).publish("t/a", Data(), by: .now + .seconds(20))
        #expect(fault(in: mixed) == MQTTError(.configuration, "our certificate and the key don't belong together"))
        tls.key = try certificates.data("client.key")
        #expect(await client(broker, tls: tls).publish("t/a", Data(), by: .now + .seconds(20)) == .confirmed)
    }

    @Test("A thousand messages go out by TLS") func secureThousand() async throws {
        let certificates = try Self.certificates.get()
        let broker = try MosquittoBroker(try secureLines("full", ["max_queued_messages 5000"]))
        try await broker.start()
        defer { broker.remove() }
        let client = client(broker, tls: MQTTBroker.TLS(authorities: try certificates.data("authority.pem")))
        #expect(await send(1000, through: client).allSatisfy { $0 == .confirmed })
    }

    @Test("TLS where the broker has none, and none where it has, end with a word") func mixedUp() async throws {
        let plain = try MosquittoBroker(["allow_anonymous true"])
        let secure = try MosquittoBroker(try secureLines("full"))
        try await plain.start()
        try await secure.start()
        defer {
            plain.remove()
            secure.remove()
        }
        let one = await client(plain, tls: MQTTBroker.TLS()).publish("t/a", Data(), by: .now + .seconds(20))
        #expect([.tls, .connectionLost].contains(fault(in: one)?.code), "\(one)")
        let other = await client(secure).publish("t/a", Data(), by: .now + .seconds(20))
        #expect(fault(in: other)?.code == .connectionLost, "\(other)")
    }

    @Test("The address that is connected to is held against the rule, whatever name leads there") func addressRule()
        async throws
    {
        let broker = try MosquittoBroker(["allow_anonymous true", "log_type all"])
        try await broker.start()
        defer { broker.remove() }
        // Of who looked whether it has started.
        try await eventually(broker.log) { broker.log.contains("closed its connection") }
        let before = broker.log
        for host in ["127.0.0.1", "localhost"] {
            var to = MQTTBroker(host: host, port: Int(broker.port))
            to.addressRule = .publicOnly
            let outcome = await MQTTClient(to: to).publish("t/a", Data(), by: .now + .seconds(20))
            let error = try #require(fault(in: outcome))
            #expect(error.code == .addressRefused && error.message.hasSuffix("is a loopback address"), "\(error)")
        }
        #expect(broker.log == before)
    }
}
