import Foundation
package import LoopbackSupport

/// A receiver of webhooks over HTTPS, which checks signatures by Python's `hmac`.
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

    private let server: RecordingServer<Record>

    package init(keys: [String], wantsClientCertificate: Bool = false) throws {
        let certificates = try Self.certificates.get()
        server = try RecordingServer(
            ["-c", Self.script, certificates.path("full.pem"), certificates.path("full.key")]
                + [wantsClientCertificate ? certificates.path("authority.pem") : "-"] + keys)
    }

    package var port: Int { server.port }

    package var records: Recorder<Record> { server.records }

    /// The records, once there are that many.
    package func wait(for count: Int) async throws -> [Record] {
        try await eventually("\(records.all.count) of \(count)") { records.all.count >= count }
        return records.all
    }

    package func stop() { server.stop() }
}
