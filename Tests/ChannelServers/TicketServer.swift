import Foundation
package import LoopbackSupport

/// A system of tickets over HTTPS, which wants an authorization and a signature.
package final class TicketServer: Sendable {
    package struct Call: Decodable, Sendable {
        package var method: String
        package var path: String
        package var status: Int
        /// Of the message.
        package var id: String?
        package var body: String
        /// How many tickets were open then, and how many there were in all.
        package var open: Int
        package var all: Int
    }

    package static let authorization = "Bearer t0p-secret-of-tickets"
    package static let key = "whsec_" + Data(repeating: 9, count: 32).base64EncodedString()

    private let server: RecordingServer<Call>

    package init() throws {
        let certificates = try WebhookReceiver.certificates.get()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "SampleTests/ticket_server.py")
        server = try RecordingServer([
            script.path, Self.authorization, Self.key, certificates.path("full.pem"), certificates.path("full.key"),
        ])
    }

    package var port: Int { server.port }

    package var calls: Recorder<Call> { server.records }

    /// Those that were taken.
    package var taken: [Call] { calls.all.filter { $0.status < 300 } }

    package func stop() { server.stop() }
}
