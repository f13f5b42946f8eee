import Foundation
import LoopbackSupport
import ProgramSupport

/// HTTPS servers in a process of their own. They end with the tests, which hold the other end of their input.
final class HTTPSServers: Sendable {
    /// What a server saw of a request.
    struct Answer: Decodable {
        var host: String
        var serverName: String?
        var client: String?
        var connection: Int
        var tls: String
    }

    static let shared = Result { try HTTPSServers() }

    let certificates: TestCertificates
    /// With a certificate for its address.
    let fullPort: Int
    /// With a certificate for `kubernetes.test` alone.
    let namedPort: Int
    /// That wants a certificate of its client.
    let mutualPort: Int
    /// On `[::1]`.
    let ipv6Port: Int
    private let program: ChildProgram

    private init() throws {
        certificates = try TestCertificates()
        let full = [certificates.path("full.pem"), certificates.path("full.key")]
        let named = [certificates.path("named.pem"), certificates.path("named.key")]
        program = try ChildProgram(
            ["python3", "-c", Self.script, "127.0.0.1"] + full + ["-", "127.0.0.1"] + named + ["-", "127.0.0.1"]
                + full + [certificates.path("authority.pem"), "::1"] + full + ["-"], input: .pipe, output: .pipe)
        let ports = try program.readLine()?.split(separator: " ").compactMap { Int($0) } ?? []
        guard ports.count == 4 else { throw CocoaError(.executableLoad) }
        (fullPort, namedPort, mutualPort, ipv6Port) = (ports[0], ports[1], ports[2], ports[3])
    }
}
