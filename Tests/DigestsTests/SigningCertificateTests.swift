import Digests
import Foundation
import ProgramSupport
import Testing

/// Against the openssl command, which checks what was signed here.
struct SigningCertificateTests {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("digests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    private func data(_ name: String) throws -> Data { try Data(contentsOf: directory.appendingPathComponent(name)) }

    @discardableResult
    private func openssl(_ arguments: String...) throws -> String { try openssl(arguments) }

    @discardableResult
    private func openssl(_ arguments: [String]) throws -> String {
        String(decoding: try ChildProgram.result(of: ["openssl"] + arguments).output, as: UTF8.self)
    }

    private func make(_ name: String, _ key: String...) throws {
        let rest = ["-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout", path("\(name).key")]
        try openssl(["req", "-x509", "-newkey"] + key + rest + ["-out", path("\(name).pem")])
    }

    @Test func signsSoThatOthersCanCheckIt() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try make("app", "rsa:2048")
        let certificate = try SigningCertificate(certificate: try data("app.pem"), privateKey: try data("app.key"))
        let signature = certificate.signature(of: Array("header.claims".utf8))
        #expect(signature.count == 256)
        try Data("header.claims".utf8).write(to: directory.appendingPathComponent("text"))
        try Data(signature).write(to: directory.appendingPathComponent("signature"))
        try Data(try openssl("x509", "-in", path("app.pem"), "-pubkey", "-noout").utf8)
            .write(to: directory.appendingPathComponent("public"))
        let check = try openssl(
            "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-verify",
            path("public"), "-signature", path("signature"), path("text"))
        #expect(check == "Verified OK\n")
        let fingerprint = try openssl("x509", "-in", path("app.pem"), "-noout", "-fingerprint", "-sha256")
        let digits = certificate.thumbprint.map { String(format: "%02X", $0) }.joined(separator: ":")
        #expect(fingerprint.contains(digits))
    }

    @Test func whatIsWrongIsSaid() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try make("app", "rsa:2048")
        try make("other", "rsa:2048")
        try make("curve", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
        try openssl("rsa", "-aes128", "-passout", "pass:x", "-in", path("app.key"), "-out", path("locked.key"))
        for (certificate, key, fault) in [
            ("app.key", "app.key", SigningCertificate.Fault.noCertificate), ("app.pem", "app.pem", .noKey),
            ("app.pem", "locked.key", .noKey), ("curve.pem", "curve.key", .notRSA),
            ("app.pem", "other.key", .keyOfAnother),
        ] {
            let (certificate, key) = (try data(certificate), try data(key))
            #expect(throws: fault) { try SigningCertificate(certificate: certificate, privateKey: key) }
        }
    }
}
