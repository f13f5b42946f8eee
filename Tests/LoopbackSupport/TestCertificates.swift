package import Foundation
import ProgramSupport

/// Certificates made for one run of the tests, in a directory of their own.
package struct TestCertificates: Sendable {
    package let directory: URL

    /// Makes an authority, servers "full" (for this machine's addresses and `kubernetes.test`) and "named" (for
    /// `kubernetes.test` alone), and a client; and an authority that nobody uses.
    package init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "test-certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try make("authority")
        try make("stranger")
        let addresses = "IP:127.0.0.1,IP:::1,DNS:localhost,DNS:kubernetes.test"
        try make("full", "-CA", path("authority.pem"), "-CAkey", path("authority.key"), names: addresses)
        try make("named", "-CA", path("authority.pem"), "-CAkey", path("authority.key"), names: "DNS:kubernetes.test")
        try make("client", "-CA", path("authority.pem"), "-CAkey", path("authority.key"))
    }

    package func path(_ file: String) -> String {
        directory.appendingPathComponent(file).path
    }

    package func data(_ file: String) throws -> Data {
        try Data(contentsOf: directory.appendingPathComponent(file))
    }

    private func make(_ name: String, _ issuer: String..., names: String? = nil) throws {
        try ChildProgram.output(
            of: [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
            ] + issuer + (names.map { ["-addext", "subjectAltName=\($0)"] } ?? []))
    }
}
