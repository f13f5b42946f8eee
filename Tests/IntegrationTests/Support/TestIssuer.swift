import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport

/// A provider of identities on the loopback, as far as tokens need one: its document, its one key, and what it signs.
final class TestIssuer: Sendable {
    private let folder: URL
    private let server: LoopbackServer

    init() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "issuer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appending(path: "key.pem").path
        try await Command.run(["openssl", "genrsa", "-out", key, "2048"])
        let modulus =
            try await Command.run(["openssl", "rsa", "-in", key, "-noout", "-modulus"])
            .split(separator: "=").last.map { $0.filter(\.isHexDigit) } ?? ""
        let bytes = stride(from: 0, to: modulus.count, by: 2).compactMap { offset in
            UInt8(modulus.dropFirst(offset).prefix(2), radix: 16)
        }
        let keys = """
            {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k", "e": "AQAB", \
            "n": "\(Self.base64URL(Data(bytes)))"}]}
            """
        server = LoopbackServer { request, _ in
            if request.path.hasPrefix("/keys") { return .json(keys) }
            let own = "http://\(request.header("host") ?? "")"
            return .json(
                """
                {"issuer": "\(own)", "jwks_uri": "\(own)/keys", "authorization_endpoint": "\(own)/authorize", \
                "token_endpoint": "\(own)/token"}
                """)
        }
        self.folder = folder
    }

    /// For `--issuers`: with these groups, and the prefix `reports:` before them and before users.
    func settings(groups: [String]) throws -> String {
        let file = folder.appending(path: "issuers.yaml")
        let text = """
            issuers:
            - name: test
              issuer: \(server.address)
              audiences: [reports]
              usernamePrefix: "reports:"
              groupsPrefix: "reports:"
              groups: [\(groups.joined(separator: ", "))]
              signIn: false
              allowInsecure: true
            """
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// A token that says who somebody is, for ten minutes.
    func token(_ subject: String, groups: [String] = []) async throws -> String {
        let now = Int64(Date().timeIntervalSince1970)
        let claims = JSONValue.object([
            "iss": .string(server.address), "sub": .string(subject), "aud": .string("reports"),
            "iat": .integer(now), "exp": .integer(now + 600), "groups": .array(groups.map(JSONValue.string)),
            "email": .string("\(subject)@example.com"), "email_verified": .bool(true),
        ])
        let head = Self.base64URL(Data(#"{"alg": "RS256", "kid": "k", "typ": "JWT"}"#.utf8))
        let signed = "\(head).\(Self.base64URL(Data(claims.jsonText)))"
        let script = #"openssl dgst -sha256 -sign "$1" -binary | base64 --wrap=0"#
        let signature = try await Command.run(
            ["bash", "-c", script, "sign", folder.appending(path: "key.pem").path], input: signed)
        return "\(signed).\(Self.urlSafe(signature))"
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    private static func base64URL(_ data: Data) -> String { urlSafe(data.base64EncodedString()) }

    private static func urlSafe(_ base64: String) -> String {
        base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .filter { $0 != "=" && $0 != "\n" }
    }
}
