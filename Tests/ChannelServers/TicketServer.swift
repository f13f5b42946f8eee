import Foundation
package import LoopbackSupport

/// A system of tickets over HTTPS in a process of its own, which wants an authorization and a signature. It ends with the
/// tests, which hold the other end of its input.
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

    package let port: Int
    package let calls = Recorder<Call>()
    private let process = Process()
    private let input = Pipe()

    package init() throws {
        let certificates = try WebhookReceiver.certificates.get()
        let output = Pipe()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "SampleTests/ticket_server.py")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", script.path, Self.authorization, Self.key, certificates.path("full.pem"),
            certificates.path("full.key"),
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let lines = LineReader(output.fileHandleForReading)
        guard let first = lines.next(), let port = Int(String(decoding: first, as: UTF8.self)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
        Thread.detachNewThread { [calls] in
            while let line = lines.next() {
                guard let call = try? JSONDecoder().decode(Call.self, from: line) else { continue }
                calls.append(call)
            }
        }
    }

    /// Those that were taken.
    package var taken: [Call] { calls.all.filter { $0.status < 300 } }

    package func stop() { try? input.fileHandleForWriting.close() }
}
