import Foundation
package import LoopbackSupport

/// A receiver of webhooks over HTTPS in a process of its own, which checks signatures by Python's `hmac`. It ends with the
/// tests, which hold the other end of its input.
package final class WebhookReceiver: Sendable {
    package struct File: Decodable, Sendable {
        package var head: [String]
        package var field: String
        package var name: String
        package var size: Int
        package var sha256: String
    }

    package struct Record: Decodable, Sendable {
        package var method: String?
        package var authorization: String?
        package var path: String
        package var headers: [String]?
        package var type: String?
        package var id: String?
        package var timestamp: Int?
        package var signatures: Int?
        /// By each of the keys that it was started with.
        package var verified: [Bool]?
        package var message: String?
        package var files: [File]?
        package var client: String?
    }

    package static let certificates = Result { try TestCertificates() }

    package let port: Int
    package let records = Recorder<Record>()
    private let process = Process()
    private let input = Pipe()

    package init(keys: [String], wantsClientCertificate: Bool = false) throws {
        let certificates = try Self.certificates.get()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", "-c", Self.script, certificates.path("full.pem"), certificates.path("full.key")]
            + [wantsClientCertificate ? certificates.path("authority.pem") : "-"] + keys
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let lines = LineReader(output.fileHandleForReading)
        guard let first = lines.next(), let port = Int(String(decoding: first, as: UTF8.self)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
        Thread.detachNewThread { [records] in
            while let line = lines.next() {
                guard let record = try? JSONDecoder().decode(Record.self, from: line) else { continue }
                records.append(record)
            }
        }
    }

    /// The records, once there are that many.
    package func wait(for count: Int) async throws -> [Record] {
        try await eventually("\(records.all.count) of \(count)") { records.all.count >= count }
        return records.all
    }

    package func stop() { try? input.fileHandleForWriting.close() }
}
