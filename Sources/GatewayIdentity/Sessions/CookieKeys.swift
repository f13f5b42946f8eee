import Crypto
package import FoundationEssentials

/// What cookies are sealed with: the first key seals, all of them open, so that a new one can be put before an old one.
package struct CookieKeys: Sendable {
    /// What a key is derived for: what was sealed for one is nothing for another.
    enum Purpose: String {
        case session = "session.v1"
        case signIn = "sign-in.v1"
        case csrf = "csrf.v1"
        case handOver = "handover.v1"
    }

    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    static let minimumBytes = 32
    private let keys: [SymmetricKey]
    private let url: PublicURL

    /// `secrets`: what the key files hold, each at least 32 random bytes, or text of them. All replicas need the same.
    /// `url`: what another gateway has sealed, though with the same secrets, is nothing here.
    package init(_ secrets: [Data], of url: PublicURL) throws(Fault) {
        guard !secrets.isEmpty else { throw Fault(description: "at least one key file is required for cookies") }
        for (index, secret) in secrets.enumerated() where Self.trimmed(secret).count < Self.minimumBytes {
            throw Fault(
                description: "cookie key file \(index + 1) holds fewer than \(Self.minimumBytes) bytes; "
                    + "make one with: openssl rand -base64 48")
        }
        keys = secrets.map { SymmetricKey(data: Self.trimmed($0)) }
        self.url = url
    }

    /// Editors and `echo` put a line's end behind it.
    private static func trimmed(_ secret: Data) -> Data {
        var secret = secret
        while let last = secret.last, last == 0x0A || last == 0x0D { secret.removeLast() }
        return secret
    }

    func sealed(_ data: Data, for purpose: Purpose) -> String? {
        guard
            let box = try? AES.GCM.seal(
                data, using: derived(keys[0], purpose), authenticating: Data(purpose.rawValue.utf8)
            ).combined
        else { return nil }
        return Base64URL.text(box)
    }

    /// Nil where it was sealed with none of the keys, for another purpose, or changed since.
    func opened(_ text: some StringProtocol, for purpose: Purpose) -> Data? {
        guard text.utf8.count <= 8192, let data = Base64URL.data(text), let box = try? AES.GCM.SealedBox(combined: data)
        else { return nil }
        for key in keys {
            let opened = try? AES.GCM.open(
                box, using: derived(key, purpose), authenticating: Data(purpose.rawValue.utf8))
            if let opened { return opened }
        }
        return nil
    }

    func code(of text: String, for purpose: Purpose) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: derived(keys[0], purpose)))
    }

    /// In constant time.
    func isCode(_ code: Data, of text: String, for purpose: Purpose) -> Bool {
        keys.contains { key in
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Data(text.utf8), using: derived(key, purpose))
        }
    }

    private func derived(_ key: SymmetricKey, _ purpose: Purpose) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: Data("report-gateway".utf8),
            info: Data("\(purpose.rawValue) \(url.text)".utf8), outputByteCount: 32)
    }
}

/// Text that nobody can guess.
enum RandomText {
    /// 32 bytes in 43 characters.
    static func make() -> String {
        Base64URL.text(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }
}
