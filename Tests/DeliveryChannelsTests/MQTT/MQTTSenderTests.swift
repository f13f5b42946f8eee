import DeliveryChannels
import Foundation
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

@Suite("Notices to a real mosquitto", .serialized, .timeLimit(.minutes(3))) struct MQTTSenderTests {
    private static let certificates = Result { try TestCertificates() }

    private func channel(
        _ port: UInt16, scheme: String = "mqtt", topic: String = "reports/{namespace}/{period}"
    ) -> ReportChannelSpec {
        var spec = ReportChannelSpec(
            type: .mqtt, mqtt: .init(server: "\(scheme)://127.0.0.1:\(port)", topic: topic))
        spec.allowPrivateAddresses = true
        return spec
    }

    private func sender(_ spec: ReportChannelSpec, _ secrets: ChannelSecrets = .init()) throws -> MQTTSender {
        try MQTTSender(spec, secrets: secrets)
    }

    private func send(
        _ dispatch: Dispatch = Copies.one(), through sender: MQTTSender, within limit: Duration = .seconds(30)
    ) async -> SendOutcome {
        await sender.send(dispatch, by: .now + limit, mayBegin: { true })
    }

    // MARK: What arrives

    @Test("A notice says what happened and names the files, and no person or parameter") func notice() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        var spec = channel(broker.port)
        spec.mqtt?.retain = true
        var copy = Copies.one()
        copy.run.requester = .init(name: "Dana", email: "dana@example.com")
        copy.subject = "For Dana 2026-10"
        copy.text = "limit 0.10"
        copy.files = [.init(format: .pdf, name: "a.pdf", path: "/nowhere", size: 12, sha256: "ab")]
        #expect(
            await send(copy, through: try sender(spec))
                == .sent(id: nil, words: "127.0.0.1:\(broker.port) confirmed it on reports/finance/2026-10"))
        let read = try #require(try await broker.read(1, of: "reports/#", within: 5).first)
        let expected =
            #"{"asOf":"2026-10-31T05:59:00Z","attempt":1,"completedAt":"2026-10-31T06:00:00Z","files":[{"format":"pdf","#
            + #""name":"a.pdf","sha256":"ab","size":12}],"id":"\#(Copies.id)","name":"october","namespace":"finance","#
            + #""phase":"Succeeded","pipeline":"trial-balance","rows":89,"uid":"0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d"}"#
        #expect(read == "1 reports/finance/2026-10 \(expected)")
        // The same for each try.
        #expect(await send(copy, through: try sender(spec)) != .refused(words: ""))
        #expect(try await broker.read(1, of: "reports/#", within: 5).first == read)
    }

    @Test("What the channel lists is in it, exact to the last digit") func listed() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        var spec = channel(broker.port)
        spec.mqtt?.retain = true
        spec.mqtt?.parameters = ["limit", "absent"]
        spec.mqtt?.requester = true
        var copy = Copies.one(phase: .failed)
        copy.run.requester = .init(name: "Dana")
        _ = await send(copy, through: try sender(spec))
        let read = try #require(try await broker.read(1, of: "reports/#", format: "%p", within: 5).first)
        #expect(read.contains(#""parameters":{"limit":0.10}"#) && read.contains(#""requester":{"name":"Dana"}"#))
        #expect(read.contains(#""phase":"Failed""#) && read.contains(#""reason":"StageFailed""#))
        #expect(!read.contains("no route to the ERP"))
    }

    @Test("Parameters made to lead elsewhere stay in their level, and what isn't retained isn't kept") func hostile()
        async throws
    {
        let broker = try MosquittoBroker(["allow_anonymous true", "log_type all"])
        try await broker.start()
        defer { broker.remove() }
        let sender = try sender(channel(broker.port))
        for (value, level) in [("#", "_"), ("+/../$SYS", "..SYS"), ("a\u{0}b\n", "ab"), ("", "_")] {
            let outcome = await send(Copies.one(parameters: ["period": .string(value)]), through: sender)
            let words = "127.0.0.1:\(broker.port) confirmed it on reports/finance/\(level)"
            #expect(outcome == .sent(id: nil, words: words))
            #expect(broker.log.contains("'reports/finance/\(level)'"))
        }
        #expect(try await broker.read(1, of: "#", within: 1).isEmpty)
    }

    // MARK: What doesn't

    @Test("A broker that is away is tried later; one that doesn't confirm leaves doubt") func away() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let sender = try sender(channel(broker.port))
        guard case .sent = await send(through: sender) else { Issue.record("not sent"); return }
        broker.freeze()
        let outcome = await send(through: sender, within: .milliseconds(300))
        #expect(
            outcome
                == .uncertain(
                    words:
                        "127.0.0.1:\(broker.port) did not confirm it in time; it may have arrived, and is sent again with "
                        + "the same id"))
        broker.thaw()
        broker.kill()
        let port = broker.port
        #expect(
            await send(through: try self.sender(channel(port)))
                == .deferred(words: "127.0.0.1:\(port): Connection refused", after: nil))
        #expect(
            await (try self.sender(channel(port))).trial(by: .now + .seconds(10))
                == .unreachable(words: "127.0.0.1:\(port): Connection refused"))
    }

    @Test("A notice that isn't wanted any more when its turn comes isn't sent") func stopped() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let outcome = await (try sender(channel(broker.port))).send(Copies.one(), by: .now + .seconds(10)) { false }
        #expect(outcome == .deferred(words: "it was stopped before it was sent", after: nil))
    }

    @Test("A private address is refused unless the channel allows it") func privateAddress() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        var spec = channel(broker.port)
        spec.allowPrivateAddresses = nil
        let words =
            "127.0.0.1 is a loopback address, which the channel may not connect to; set spec.allowPrivateAddresses: true if "
            + "it is meant"
        #expect(await send(through: try sender(spec)) == .misconfigured(words: words))
        #expect(await (try sender(spec)).trial(by: .now + .seconds(10)) == .misconfigured(words: words))
    }

    // MARK: Setting up

    @Test("TLS with a private authority, user and password: the trial says who we are, or what to mend")
    func credentials()
        async throws
    {
        let certificates = try Self.certificates.get()
        let broker = try MosquittoBroker([
            "allow_anonymous false", "password_file FOLDER/passwords", "cafile \(certificates.path("authority.pem"))",
            "certfile \(certificates.path("full.pem"))", "keyfile \(certificates.path("full.key"))",
        ])
        try await broker.setPassword("secret", of: "reports")
        try await broker.start()
        defer { broker.remove() }
        var spec = channel(broker.port, scheme: "mqtts")
        spec.mqtt?.credentials = .init(secretRef: .init(name: "broker"))
        spec.tls = .init(caSecretRef: .init(name: "authority"))
        var secrets = ChannelSecrets(credentials: ["user": Data("reports".utf8), "password": Data("secret\n".utf8)])
        secrets.authorities = try certificates.data("authority.pem")
        let server = "127.0.0.1:\(broker.port)"
        #expect(
            await (try sender(spec, secrets)).trial(by: .now + .seconds(10))
                == .works(words: "Connected to \(server) with TLS, signed in as reports; nothing was published"))
        guard case .sent = await send(through: try sender(spec, secrets)) else { Issue.record("not sent"); return }
        secrets.credentials?["password"] = Data("wrong".utf8)
        #expect(
            await (try sender(spec, secrets)).trial(by: .now + .seconds(10))
                == .misconfigured(
                    words:
                        "\(server) refuses user reports: not authorised, which mostly is a wrong password; mend the Secret "
                        + "in spec.mqtt.credentials, or the broker's list of users"))
        spec.tls = nil
        #expect(
            await (try sender(spec, secrets)).trial(by: .now + .seconds(10))
                == .misconfigured(
                    words:
                        "the certificate of \(server) isn't trusted: self-signed certificate in certificate chain; give "
                        + "the authority that signed it in spec.tls.caSecretRef, and the name that it has in spec.mqtt.server"
                ))
    }

    @Test("What is missing is named before anything is connected to") func incomplete() throws {
        func fault(_ change: (inout ReportChannelSpec) -> Void, _ secrets: ChannelSecrets = .init()) -> String? {
            var spec = channel(1883, scheme: "mqtts")
            change(&spec)
            do {
                _ = try MQTTSender(spec, secrets: secrets)
                return nil
            } catch {
                return "\(error)"
            }
        }
        let named = ReportChannelSpec.Credentials(secretRef: .init(name: "broker"))
        #expect(
            fault({ $0.mqtt?.credentials = named }, .init(credentials: ["user": Data("a".utf8)]))
                == #"spec.mqtt.credentials: the Secret "broker" must have the keys user and password"#)
        #expect(
            fault {
                $0.mqtt?.credentials = named
                $0.mqtt?.server = "mqtt://127.0.0.1"
            } == #"spec.mqtt.server: "mqtt://127.0.0.1" has no TLS, which credentials need; write mqtts://"#)
        #expect(
            fault { $0.tls = .init(caSecretRef: .init(name: "authority")) }
                == #"spec.tls.caSecretRef: the Secret "authority" has no ca.crt; put the authorities there, in PEM"#)
        #expect(
            fault { $0.tls = .init(clientCertificateSecretRef: .init(name: "me")) }
                == #"spec.tls.clientCertificateSecretRef: the Secret "me" must have tls.crt and tls.key, in PEM"#)
    }
}
