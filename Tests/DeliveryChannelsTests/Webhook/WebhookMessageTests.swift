import FoundationEssentials
import HTTPTransport
import ReportAPI
import Testing

@testable import DeliveryChannels

@Suite("What is posted to a webhook") struct WebhookMessageTests {
    private let keys: WebhookKeys

    init() throws {
        let key = "whsec_" + Data((0..<32).map { $0 }).base64EncodedString()
        keys = try WebhookKeys(ChannelSecrets(credentials: ["key": Data(key.utf8)]))
    }

    /// That it isn't in memory while it goes out is `HTTPTransport`'s part: see `UploadTests`.
    @Test func filesStayOnTheDiskUntilTheyGoOut() throws {
        let file = Dispatch.File(format: .pdf, name: "a.pdf", path: "/nowhere/a", size: 19_000_000, sha256: "ab")
        let message = WebhookMessage(Copies.one([file]))
        let request = message.request(to: "https://x", keys: keys, timestamp: 1, boundary: "b")
        #expect(request.body.map { $0.count < 4096 && $0.suffix(message.json.count) == Data(message.json) } == true)
        guard request.bodySegments.count == 3, case .data(let head) = request.bodySegments[0],
            case .data(let end) = request.bodySegments[2]
        else {
            Issue.record("\(request.bodySegments)")
            return
        }
        #expect(
            String(decoding: head, as: UTF8.self)
                == "\r\n--b\r\nContent-Disposition: form-data; name=\"pdf\"; filename=\"a.pdf\"\r\n"
                + "Content-Type: application/pdf\r\n\r\n")
        #expect(String(decoding: end, as: UTF8.self) == "\r\n--b--\r\n")
    }

    /// Source: the tests of Standard Webhooks' own libraries.
    @Test func aSignatureIsAsTheReferenceHasIt() throws {
        let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let keys = try WebhookKeys(ChannelSecrets(credentials: ["key": Data(key.utf8)]))
        let signature = keys.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func boundariesAreNeverTheSame() {
        #expect(Set((0..<1000).map { _ in WebhookMessage.newBoundary() }).count == 1000)
        #expect(WebhookMessage.newBoundary().utf8.count <= 70)
    }
}
