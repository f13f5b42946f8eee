import Foundation
import HTTPTransport
import KubernetesModel
import Logging
import LoopbackSupport
import Testing

@testable import KubernetesClient

struct ErrorTests {
    private func error(_ code: Int, _ body: String, isWrite: Bool = true) -> KubernetesError {
        KubernetesError(status: code, headers: [:], body: Data(body.utf8), operation: "op", isWrite: isWrite)
    }

    private func status(_ code: Int, _ reason: String, details: String = "{}") -> KubernetesError {
        error(code, #"{"kind":"Status","code":\#(code),"reason":"\#(reason)","message":"m","details":\#(details)}"#)
    }

    @Test func theReasonDecidesWhereTwoShareAStatus() {
        #expect(status(409, "AlreadyExists").isAlreadyExists && !status(409, "AlreadyExists").isConflict)
        #expect(status(409, "Conflict").isConflict && !status(409, "Conflict").isAlreadyExists)
        #expect(status(410, "Expired").isExpired && status(410, "Gone").isGone)
        #expect(status(404, "NotFound").isNotFound)
        #expect(status(422, "Invalid").isInvalid && !status(422, "Invalid").isRetryable)
        #expect(status(403, "Forbidden").isForbidden)
        #expect(status(401, "Unauthorized").isUnauthorized)
        #expect(status(500, "InternalError").isRetryable)
    }

    @Test func causesAreSeen() {
        let terminating = status(403, "Forbidden", details: #"{"causes":[{"reason":"NamespaceTerminating"}]}"#)
        #expect(terminating.isForbidden && !terminating.isRetryable && !terminating.isResourceVersionTooLarge)
        let ahead = status(
            504, "Timeout", details: #"{"causes":[{"reason":"ResourceVersionTooLarge"}],"retryAfterSeconds":1}"#)
        #expect(ahead.isResourceVersionTooLarge && ahead.retryAfter == .seconds(1))
    }

    @Test func aForeignBodyIsQuotedInPart() {
        let long = error(502, "<html>" + String(repeating: "x", count: 10_000))
        #expect(long.message.hasPrefix("HTTP status 502: <html>xxx"))
        #expect(long.message.utf8.count < 2100)
        #expect(long.code == 502 && long.reason == nil && long.isRetryable && long.outcomeUnknown)
        #expect(error(404, "404 page not found").isNotFound)
        #expect(error(503, "", isWrite: true).outcomeUnknown == false)
        #expect(error(500, #"{"message":"no Status"}"#).message == #"HTTP status 500: {"message":"no Status"}"#)
    }

    @Test func warningsAreLoggedOncePerText() async throws {
        let server = LoopbackServer { _, _ in
            .json(
                Widget.json("x"),
                headers: "Warning: 299 - \"old \\\"v1\\\"\"\r\nWarning: 299 - \"other\"\r\nWarning: 199 - \"no\"\r\n")
        }
        let lines = Recorder<String>()
        let logger = Logger(label: "test") { _ in RecordingLog(lines: lines) }
        let client = KubernetesClient.fixture(server, logger: logger)
        for _ in 0..<3 { _ = try await client.get(Widget.self, name: "x", namespace: "a") }
        #expect(
            lines.all.filter { $0.contains("warns") } == [
                "The API server warns old \"v1\"", "The API server warns other",
            ])
    }

    @Test func secretsDoNotPrint() {
        let configuration = ClientConfiguration(server: "https://h", authentication: .token(Secret("hunter2")))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration)\(String(reflecting: configuration))\(dumped)".contains("hunter2"))
        let credentials = Credentials.basic(username: "jane", password: Secret("hunter2"))
        #expect(!"\(credentials)".contains("amFuZTpodW50ZXIy"))
    }
}

struct RecordingLog: LogHandler {
    let lines: Recorder<String>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append("\(event.message) \((event.metadata ?? [:]).values.map { "\($0)" }.joined(separator: " "))")
    }
}
