import Foundation
import ProgramSupport

/// A certificate of an application, as it is uploaded to Entra ID, with its key.
struct RSACertificate: Sendable {
    static let shared = Result { try RSACertificate() }

    let certificate: Data
    let key: Data

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rsa-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try ChildProgram.output(of: [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=report-courier",
            "-keyout", folder.appendingPathComponent("key").path, "-out", folder.appendingPathComponent("pem").path,
        ])
        certificate = try Data(contentsOf: folder.appendingPathComponent("pem"))
        key = try Data(contentsOf: folder.appendingPathComponent("key"))
    }
}
