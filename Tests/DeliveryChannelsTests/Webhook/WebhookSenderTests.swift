import ChannelServers
import DeliveryChannels
import DeliveryPlanning
import Foundation
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import ReportLayout
import Testing

@Suite("Webhooks", .serialized, .timeLimit(.minutes(3))) struct WebhookSenderTests {
    static let key = "whsec_" + Data((0..<32).map { $0 }).base64EncodedString()
    private static let oldKey = "whsec_" + Data((0..<24).map { $0 &* 7 }).base64EncodedString()

    func sender(
        _ url: String, keys: [String: String] = ["key": key], allowsPrivate: Bool = true,
        authority: String? = "authority.pem", client: String? = nil,
        now: Date = Date(timeIntervalSince1970: 1_793_426_500)
    ) throws -> WebhookSender {
        let certificates = try WebhookReceiver.certificates.get()
        var spec = ReportChannelSpec(
            type: .webhook, webhook: .init(url: url, credentials: .init(secretRef: .init(name: "hook"))))
        spec.allowPrivateAddresses = allowsPrivate
        var secrets = ChannelSecrets(credentials: keys.mapValues { Data($0.utf8) })
        spec.tls = ReportChannelSpec.TLS()
        if let authority {
            spec.tls?.caSecretRef = .init(name: "authority")
            secrets.authorities = try certificates.data(authority)
        }
        if let client {
            spec.tls?.clientCertificateSecretRef = .init(name: "client")
            secrets.clientCertificate = try certificates.data("\(client).pem")
            secrets.clientKey = try certificates.data("\(client).key")
        }
        return try WebhookSender(spec, secrets: secrets, logger: Logger(label: "test"), now: { now })
    }

    func send(
        _ dispatch: Dispatch = Copies.one(), through sender: WebhookSender, within limit: Duration = .seconds(60)
    ) async -> SendOutcome {
        await sender.send(dispatch, by: .now + limit, mayBegin: { true })
    }

    // MARK: What arrives

    @Test("A notice is one signed JSON text") func notice() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key, Self.oldKey])
        defer { receiver.stop() }
        let outcome = await send(Copies.one(phase: .failed), through: try sender(receiver.url + "/hook?a=b"))
        #expect(outcome == .sent(id: nil, words: "127.0.0.1 answered 204"))
        let record = try #require(await receiver.wait(for: 1).first)
        #expect(record.path == "/hook?a=b")
        #expect(record.verified == [true, false] && record.signatures == 1)
        #expect(record.id == Copies.id && record.timestamp == 1_793_426_500 && record.type == "application/json")
        let message = try JSONDecoder().decode(JSONValue.self, from: Data((record.message ?? "").utf8))
        #expect(message["type"] == .string("report.failed"))
        #expect(message["timestamp"] == .string("2026-10-31T06:00:05Z"))
        let data = try #require(message["data"])
        #expect(data["uid"] == .string("0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d"))
        #expect(data["namespace"] == .string("finance") && data["name"] == .string("october"))
        #expect(data["pipeline"] == .string("trial-balance") && data["attempt"] == .integer(1))
        #expect(data["phase"] == .string("Failed") && data["reason"] == .string("StageFailed"))
        // What a stage printed is for who asked for the report.
        #expect(record.message?.contains("no route to the ERP") == false)
        #expect(data["files"] == .array([]) && data["rows"] == nil && data["asOf"] == nil)
        // As it was written, to the last digit.
        #expect(record.message?.contains(#""parameters":{"limit":0.10,"period":"2026-10"}"#) == true)
    }

    @Test("Files follow the signed message, whole and in any size") func files() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let files = [
            try Copies.file(Copies.bytes(19_000_000), name: "Größe 😀.pdf"),
            try Copies.file(Data("\r\n--x\r\n\"".utf8), name: "a.csv", format: .csv),
            try Copies.file(Data(), name: "empty.xlsx", format: .xlsx),
        ]
        defer { Copies.remove(files) }
        let outcome = await send(Copies.one(files), through: try sender(receiver.url))
        #expect(outcome == .sent(id: nil, words: "127.0.0.1 answered 204"))
        let record = try #require(await receiver.wait(for: 1).first)
        #expect(record.verified == [true])
        let got = try #require(record.files)
        #expect(got.map(\.field) == ["pdf", "csv", "xlsx"])
        #expect(got.map(\.name) == files.map(\.name))
        #expect(got.map(\.size) == files.map(\.size))
        #expect(got.map(\.sha256) == files.map(\.sha256))
        #expect(got[0].head.contains("Content-Type: application/pdf"))
        let message = try JSONDecoder().decode(JSONValue.self, from: Data((record.message ?? "").utf8))
        #expect(message["type"] == .string("report.succeeded"))
        #expect(message["data"]?["rows"] == .integer(89))
        #expect(message["data"]?["asOf"] == .string("2026-10-31T05:59:00Z"))
        #expect(message["data"]?["files"]?.array?.compactMap { $0["sha256"]?.string } == files.map(\.sha256))
    }

    @Test("While keys change a receiver may have either") func rotation() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key, Self.oldKey])
        defer { receiver.stop() }
        let sender = try sender(receiver.url, keys: ["key": Self.key + "\n", "previousKey": Self.oldKey])
        _ = await send(through: sender)
        let record = try #require(await receiver.wait(for: 1).first)
        #expect(record.verified == [true, true] && record.signatures == 2)
    }

    @Test("Each try has the same id and message, and a timestamp of its own") func repeats() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        for second in [1_793_426_500.0, 1_793_426_999] {
            let sender = try sender(receiver.url, now: Date(timeIntervalSince1970: second))
            #expect(sender.repeatsHarmlessly)
            _ = await send(through: sender)
        }
        let records = try await receiver.wait(for: 2)
        #expect(records.map(\.timestamp) == [1_793_426_500, 1_793_426_999])
        #expect(Set(records.map(\.id)).count == 1 && Set(records.map(\.message)).count == 1)
        #expect(records.allSatisfy { $0.verified == [true] })
    }

    @Test("No field makes a header or a part of its own") func injection() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let evil = "a\r\nX-Evil: 1\r\n\r\nb\"; name=\"pdf\"\u{0}"
        let file = try Copies.file(Data("%PDF".utf8), name: evil)
        defer { Copies.remove([file]) }
        var copy = Copies.one([file], id: evil, parameters: [evil: .string(evil)])
        copy.title = evil
        copy.subject = evil
        copy.text = evil
        copy.run.reason = evil
        copy.report.name = evil
        #expect(await send(copy, through: try sender(receiver.url)) == .sent(id: nil, words: "127.0.0.1 answered 204"))
        let record = try #require(await receiver.wait(for: 1).first)
        #expect(record.headers?.contains("x-evil") == false)
        #expect(record.verified == [true] && record.id?.utf8.count == 64)
        #expect(record.files?.count == 1 && record.files?.first?.head.count == 2)
        #expect(record.files?.first?.name == "a%0D%0AX-Evil: 1%0D%0A%0D%0Ab%22; name=%22pdf%22_")
    }

    // MARK: What the receiver makes of it

    @Test(
        "A status decides whether it is sent again",
        arguments: [
            ("status=200&say=thanks", .sent(id: nil, words: "127.0.0.1 answered 200: thanks")),
            ("status=202", .sent(id: nil, words: "127.0.0.1 answered 202")),
            ("status=400&say=no+such%0Aplant", .refused(words: "127.0.0.1 answered 400: no such plant")),
            ("status=404&say=<p>page</p>&type=text/html", .refused(words: "127.0.0.1 answered 404")),
            ("status=413", .refused(words: "127.0.0.1 answered 413")),
            (
                "status=410",
                .refused(words: "127.0.0.1 answered 410; the receiver wants no more messages: remove the channel")
            ),
            ("status=408", .deferred(words: "127.0.0.1 answered 408", after: nil)),
            ("status=425", .deferred(words: "127.0.0.1 answered 425", after: nil)),
            ("status=429&Retry-After=120", .deferred(words: "127.0.0.1 answered 429", after: .seconds(120))),
            (
                "status=503&Retry-After=Fri,+31+Dec+2100+00:00:00+GMT",
                .deferred(words: "127.0.0.1 answered 503", after: .seconds(86400))
            ),
            (
                "status=500&say={\"error\":\"x\"}&type=application/json",
                .deferred(words: "127.0.0.1 answered 500: {\"error\":\"x\"}", after: nil)
            ),
            (
                "status=401&say=bad+signature",
                .misconfigured(
                    words: "127.0.0.1 answered 401: bad signature; see that the receiver has the key of the channel's "
                        + "Secret")
            ),
            // What the address holds behind the server's name may be a secret.
            ("status=400&say=Cannot+POST+ECHO", .refused(words: "127.0.0.1 answered 400: Cannot POST …")),
        ] as [(String, SendOutcome)])
    func statuses(query: String, expected: SendOutcome) async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        #expect(await send(through: try sender(receiver.url + "/services/T0K3N?" + query)) == expected)
    }

    @Test("A redirect leads nowhere") func redirects() async throws {
        let inside = LoopbackListener { connection in connection.drain() }
        defer { inside.stop() }
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        for status in [301, 302, 303, 307, 308] {
            let location = "https://127.0.0.1:\(inside.port)/latest/meta-data"
            let outcome = await send(
                through: try sender(receiver.url + "/?status=\(status)&Location=\(location)"))
            #expect(
                outcome
                    == .misconfigured(
                        words:
                            "127.0.0.1 answered \(status), a redirect, which isn't followed; put the address that it "
                            + "leads to in spec.webhook.url"))
        }
        #expect(inside.connectionCount == 0)
    }

    @Test("A stall ends at the deadline, and may have arrived") func stall() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let start = ContinuousClock.now
        let outcome = await send(through: try sender(receiver.url + "/stall"), within: .seconds(1))
        guard case .uncertain(let words) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(words.hasPrefix("127.0.0.1 did not answer in time"))
        #expect(words.hasSuffix("it may have arrived, and is sent again with the same webhook-id"))
        #expect(ContinuousClock.now - start >= .seconds(1))
    }

    @Test("A connection that breaks within the body leaves nothing behind; after it, perhaps something")
    func cuts() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let file = try Copies.file(Copies.bytes(19_000_000))
        defer { Copies.remove([file]) }
        let before = await send(Copies.one([file]), through: try sender(receiver.url + "/cut-before"))
        guard case .deferred(let words, nil) = before, words.hasPrefix("127.0.0.1: ") else {
            Issue.record("\(before)")
            return
        }
        guard case .uncertain = await send(Copies.one(), through: try sender(receiver.url + "/cut-after")) else {
            Issue.record("a message that was taken whole counts as not sent")
            return
        }
    }

    @Test("What may not begin sends no request") func mayBegin() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let sender = try sender(receiver.url)
        let outcome = await sender.send(Copies.one(), by: .now + .seconds(30), mayBegin: { false })
        #expect(outcome == .deferred(words: "Stopped before it was sent", after: nil))
        _ = await send(through: sender)
        #expect(try await receiver.wait(for: 1).count == 1)
    }

    @Test("A file that is gone from the courier's disk is no fault of the receiver's") func missingFile() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let file = Dispatch.File(format: .pdf, name: "a.pdf", path: "/nowhere/a", size: 3, sha256: "")
        guard case .deferred(let words, nil) = await send(Copies.one([file]), through: try sender(receiver.url)) else {
            Issue.record("not deferred")
            return
        }
        #expect(words.contains("/nowhere/a can't be read"))
    }

    // MARK: The way there

    @Test("A private address is not connected to unless the channel allows it") func privateAddress() async throws {
        let inside = LoopbackListener { connection in connection.drain() }
        defer { inside.stop() }
        for host in ["127.0.0.1", "localhost"] {
            let sender = try sender("https://\(host):\(inside.port)/", allowsPrivate: false)
            let words =
                "\(host) may not be connected to: 127.0.0.1 is a loopback address; set spec.allowPrivateAddresses: true if it "
                + "is meant"
            if host == "127.0.0.1" {
                #expect(await send(through: sender) == .misconfigured(words: words))
                #expect(await sender.trial(by: .now + .seconds(30)) == .misconfigured(words: words))
            } else {
                guard case .misconfigured = await send(through: sender) else {
                    Issue.record("connected by name")
                    return
                }
            }
        }
        #expect(inside.connectionCount == 0)
    }

    @Test("A receiver of a private authority is trusted by its Secret alone") func privateAuthority() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        for authority in [nil, "stranger.pem"] {
            let sender = try sender(receiver.url, authority: authority)
            guard case .misconfigured(let words) = await send(through: sender) else {
                Issue.record("sent to a stranger")
                return
            }
            #expect(
                words.contains("certificate")
                    && words.hasSuffix("name a Secret with its ca.crt in spec.tls.caSecretRef"))
        }
        #expect(receiver.records.all.isEmpty)
    }

    @Test("A receiver that wants a certificate gets it") func clientCertificate() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key], wantsClientCertificate: true)
        defer { receiver.stop() }
        let outcome = await send(through: try sender(receiver.url, client: "client"))
        #expect(outcome == .sent(id: nil, words: "127.0.0.1 answered 204"))
        #expect(try await receiver.wait(for: 1).first?.client == "client")
        for client in [nil, "stranger"] {
            let outcome = await send(through: try sender(receiver.url, client: client))
            guard case .misconfigured(let words) = outcome else {
                Issue.record("\(client ?? "no certificate"): \(outcome)")
                return
            }
            #expect(words.hasPrefix("127.0.0.1 doesn't take our certificate"))
        }
    }

    @Test("A trial connects and asks for nothing") func trial() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let sender = try sender(receiver.url)
        let outcome = await sender.trial(by: .now + .seconds(30))
        #expect(outcome == .works(words: "Connected to 127.0.0.1 with TLS; nothing was posted"))
        let untrusted = await (try self.sender(receiver.url, authority: nil)).trial(by: .now + .seconds(30))
        guard case .misconfigured = untrusted else {
            Issue.record("\(untrusted)")
            return
        }
        guard
            case .unreachable = await (try self.sender("https://127.0.0.1:\(FreePort.find())")).trial(
                by: .now + .seconds(30))
        else {
            Issue.record("reached where nobody listens")
            return
        }
        _ = await send(through: sender)
        #expect(try await receiver.wait(for: 1).map(\.path) == ["/"])
    }

    @Test(
        "A channel that can't be set up says what to mend",
        arguments: [
            ("https://hooks.example.com", [:], "the Secret has no key"),
            ("https://hooks.example.com", ["previousKey": key], "the Secret has no key"),
            ("https://hooks.example.com", ["key": "whsec_%%%"], "key in the Secret is not whsec_"),
            ("https://hooks.example.com", ["key": "whsec_c2hvcnQ="], "24 to 64 bytes"),
            ("https://hooks.example.com", ["key": key, "previousKey": "x"], "previousKey in the Secret"),
            ("http://hooks.example.com", ["key": key], "webhook.url"),
            (
                "https://hooks.example.com", ["key": key, "authorization": "a\nX-Evil: b"],
                "authorization in the Secret"
            ),
            ("https://user:word@hooks.example.com", ["key": key], "webhook.url"),
        ])
    func faults(url: String, keys: [String: String], words: String) {
        let fault = #expect(throws: ChannelFault.self) { try sender(url, keys: keys) }
        #expect(fault?.description.contains(words) == true)
        for key in keys.values { #expect(fault?.description.contains(key) == false) }
    }
}

extension WebhookReceiver {
    var url: String { "https://127.0.0.1:\(port)" }
}
