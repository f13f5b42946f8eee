import ClusterSupport
import Digests
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

    /// What can be wrong with a token.
    enum Flaw: String, CaseIterable {
        case expired
        case audience = "wrong audience"
        case issuer = "wrong issuer"
        /// That says it needs no signature.
        case unsigned = "alg: none"
        /// Signed with the public key, as if it were a secret.
        case publicKey = "HS256 with the public key"
        case signature = "forged signature"
    }

    /// A token that says who somebody is, for ten minutes; with `flaw` there is nothing wrong with it but that.
    func token(_ subject: String, groups: [String] = [], flaw: Flaw? = nil) async throws -> String {
        let now = Int64(Date().timeIntervalSince1970)
        let claims = JSONValue.object([
            "iss": .string(flaw == .issuer ? "https://issuer.example.com" : server.address), "sub": .string(subject),
            "aud": .string(flaw == .audience ? "another-service" : "reports"), "iat": .integer(now - 3600),
            "exp": .integer(flaw == .expired ? now - 60 : now + 600), "groups": .array(groups.map(JSONValue.string)),
            "email": .string("\(subject)@example.com"), "email_verified": .bool(true),
        ])
        let algorithm = flaw == .unsigned ? "none" : flaw == .publicKey ? "HS256" : "RS256"
        let head = Self.base64URL(Data(#"{"alg": "\#(algorithm)", "kid": "k", "typ": "JWT"}"#.utf8))
        let signed = "\(head).\(Self.base64URL(Data(claims.jsonText)))"
        switch flaw {
        // Without it, but with the dot before it (RFC 7515, A.5).
        case .unsigned: return signed + "."
        case .publicKey:
            let key = try await Command.run(["openssl", "rsa", "-in", keyFile, "-pubout"])
            return "\(signed).\(Self.base64URL(Data(HMACSHA256.of(Array(signed.utf8), key: Array(key.utf8)))))"
        case .signature: return "\(signed).\(Self.base64URL(Data(repeating: 1, count: 256)))"
        case .expired, .audience, .issuer, nil:
            let script = #"openssl dgst -sha256 -sign "$1" -binary | base64 --wrap=0"#
            let signature = try await Command.run(["bash", "-c", script, "sign", keyFile], input: signed)
            return "\(signed).\(Self.urlSafe(signature))"
        }
    }

    private var keyFile: String { folder.appending(path: "key.pem").path }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    private static func base64URL(_ data: Data) -> String { urlSafe(data.base64EncodedString()) }

    private static func urlSafe(_ base64: String) -> String {
        base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .filter { $0 != "=" && $0 != "\n" }
    }
}
