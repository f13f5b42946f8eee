internal import COpenSSL
internal import FoundationEssentials

/// Why a file of age can't be opened.
package enum AgeFault: Error, Hashable, Sendable {
    /// It isn't such a file, or its header was changed.
    case header
    /// It is for other keys.
    case otherKey
    /// A byte was changed, or it breaks off; where, in bytes of what it holds.
    case changed(at: Int)
}

/// What files of age have in common (C2SP, "The age file encryption format", version 1): the holder of the key opens them with
/// `age -d -i KEY FILE`.
enum AgeFile {
    static let version = "age-encryption.org/v1"
    static let piece = 64 << 10
    static let tagLength = 16
    static let nonceLength = 16

    /// HKDF with SHA-256 (RFC 5869), 32 bytes of it.
    static func derived(_ secret: [UInt8], salt: [UInt8], for purpose: String) -> [UInt8] {
        // Without a salt the RFC has as many zeros as the digest is long.
        let key = HMACSHA256.of(secret, key: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt)
        return HMACSHA256.of(Array(purpose.utf8) + [1], key: key)
    }

    static func wrapKey(_ shared: [UInt8], _ share: [UInt8], _ recipient: AgeRecipient) -> [UInt8] {
        derived(shared, salt: share + recipient.bytes, for: "age-encryption.org/v1/X25519")
    }

    static func code(of header: [UInt8], _ fileKey: [UInt8]) -> [UInt8] {
        HMACSHA256.of(header, key: derived(fileKey, salt: [], for: "header"))
    }

    static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(RAND_bytes(&bytes, CInt(count)) == 1, "OpenSSL has no random numbers")
        return bytes
    }

    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    static func bytes(ofBase64 text: some StringProtocol) -> [UInt8]? {
        guard !text.contains("=") else { return nil }
        let padded = String(text) + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), base64(Array(data)) == text else { return nil }
        return Array(data)
    }
}

/// ChaCha20-Poly1305 (RFC 8439) with one key.
final class ChaChaPoly {
    private let context: OpaquePointer?
    private let key: [UInt8]

    init(key: [UInt8]) {
        self.key = key
        context = EVP_CIPHER_CTX_new()
        precondition(context != nil, "OpenSSL has no memory")
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    func sealed(_ bytes: some Collection<UInt8>, nonce: [UInt8]) -> [UInt8] {
        let bytes = Array(bytes)
        var sealed = [UInt8](repeating: 0, count: bytes.count + AgeFile.tagLength)
        var tag = [UInt8](repeating: 0, count: AgeFile.tagLength)
        var (count, last) = (CInt(0), CInt(0))
        let isDone =
            EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), nil, key, nonce) == 1
            && EVP_EncryptUpdate(context, &sealed, &count, bytes, CInt(bytes.count)) == 1
            && EVP_EncryptFinal_ex(context, nil, &last) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(tag.count), &tag) == 1
        precondition(isDone, "OpenSSL has no ChaCha20-Poly1305")
        sealed.replaceSubrange(bytes.count..., with: tag)
        return sealed
    }

    /// Nil where it is not as it was sealed.
    func opened(_ sealed: some Collection<UInt8>, nonce: [UInt8]) -> [UInt8]? {
        guard sealed.count >= AgeFile.tagLength else { return nil }
        let body = Array(sealed.dropLast(AgeFile.tagLength))
        var tag = Array(sealed.suffix(AgeFile.tagLength))
        var opened = [UInt8](repeating: 0, count: body.count)
        var (count, last) = (CInt(0), CInt(0))
        let isDone =
            EVP_DecryptInit_ex(context, EVP_chacha20_poly1305(), nil, key, nonce) == 1
            && EVP_DecryptUpdate(context, &opened, &count, body, CInt(body.count)) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag) == 1
            && EVP_DecryptFinal_ex(context, nil, &last) == 1
        guard isDone else {
            ERR_clear_error()
            return nil
        }
        return opened
    }

    /// Of the pieces of a file: a number, and whether it is the last.
    static func nonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) } + [isLast ? 1 : 0]
    }
}

/// Encrypts a file as it is written, a piece at a time.
///
/// For example:
///
///     let sealing = AgeSealing(to: [recipient])
///     write(sealing.head)
///     write(sealing.take(bytes))
///     write(sealing.finish())
package final class AgeSealing {
    /// To be written first.
    package let head: [UInt8]
    private let cipher: ChaChaPoly
    private var waiting: [UInt8] = []
    private var number: UInt64 = 0

    /// Each of the recipients can open it.
    package init(to recipients: [AgeRecipient]) {
        let fileKey = AgeFile.random(16)
        var lines = [AgeFile.version]
        for recipient in recipients {
            let secret = AgeFile.random(32)
            guard let share = X25519.publicKey(of: secret), let shared = X25519.shared(secret, with: recipient.bytes)
            else { continue }
            let wrap = ChaChaPoly(key: AgeFile.wrapKey(shared, share, recipient))
            let nonce = [UInt8](repeating: 0, count: 12)
            lines.append("-> X25519 \(AgeFile.base64(share))")
            lines.append(AgeFile.base64(wrap.sealed(fileKey, nonce: nonce)))
        }
        lines.append("---")
        let header = Array(lines.joined(separator: "\n").utf8)
        let nonce = AgeFile.random(AgeFile.nonceLength)
        head = header + Array(" \(AgeFile.base64(AgeFile.code(of: header, fileKey)))\n".utf8) + nonce
        cipher = ChaChaPoly(key: AgeFile.derived(fileKey, salt: nonce, for: "payload"))
    }

    package func take(_ bytes: [UInt8]) -> [UInt8] {
        waiting += bytes
        var sealed: [UInt8] = []
        var start = 0
        // The last piece is sealed otherwise, so one stays.
        while waiting.count - start > AgeFile.piece {
            sealed += seal(waiting[start..<start + AgeFile.piece], isLast: false)
            start += AgeFile.piece
        }
        if start > 0 { waiting.removeFirst(start) }
        return sealed
    }

    /// What comes last.
    package func finish() -> [UInt8] {
        defer { waiting = [] }
        return seal(waiting[...], isLast: true)
    }

    private func seal(_ piece: ArraySlice<UInt8>, isLast: Bool) -> [UInt8] {
        defer { number += 1 }
        return cipher.sealed(piece, nonce: ChaChaPoly.nonce(number, isLast: isLast))
    }
}

/// Opens a file of age as it is read, a piece at a time. What it hands out is as it was encrypted.
package final class AgeOpening {
    private let identities: [AgeIdentity]
    private var cipher: ChaChaPoly?
    private var waiting: [UInt8] = []
    private var number: UInt64 = 0
    private var count = 0

    private static let longestHeader = 64 << 10

    package init(_ identities: [AgeIdentity]) { self.identities = identities }

    /// `isLast`: whether these are the file's last bytes.
    package func take(_ bytes: [UInt8], isLast: Bool) throws(AgeFault) -> [UInt8] {
        waiting += bytes
        if cipher == nil {
            guard let (header, code) = try header() else {
                guard !isLast, waiting.count <= Self.longestHeader else { throw .header }
                return []
            }
            guard waiting.count >= AgeFile.nonceLength else {
                guard !isLast else { throw .changed(at: 0) }
                waiting = header + Array(" \(AgeFile.base64(code))\n".utf8) + waiting
                return []
            }
            let fileKey = try fileKey(header, code)
            let nonce = Array(waiting.prefix(AgeFile.nonceLength))
            waiting.removeFirst(AgeFile.nonceLength)
            cipher = ChaChaPoly(key: AgeFile.derived(fileKey, salt: nonce, for: "payload"))
        }
        let whole = AgeFile.piece + AgeFile.tagLength
        var opened: [UInt8] = []
        var start = 0
        while waiting.count - start > whole {
            opened += try open(waiting[start..<start + whole], isLast: false)
            start += whole
        }
        if start > 0 { waiting.removeFirst(start) }
        guard isLast else { return opened }
        opened += try open(waiting[...], isLast: true)
        waiting = []
        return opened
    }

    private func open(_ piece: ArraySlice<UInt8>, isLast: Bool) throws(AgeFault) -> [UInt8] {
        let nonce = ChaChaPoly.nonce(number, isLast: isLast)
        // The last one is empty only where all is.
        guard let opened = cipher?.opened(piece, nonce: nonce), !opened.isEmpty || number == 0 else {
            throw .changed(at: count)
        }
        number += 1
        count += opened.count
        return opened
    }

    /// The header up to its code, and that; taken from what waits. Nil where it isn't whole yet.
    private func header() throws(AgeFault) -> ([UInt8], [UInt8])? {
        let first = Array("\(AgeFile.version)\n".utf8)
        guard waiting.prefix(first.count).elementsEqual(first.prefix(waiting.count)) else { throw .header }
        let mark = Array("\n--- ".utf8)
        guard let place = waiting.firstIndex(of: mark), let end = waiting[(place + mark.count)...].firstIndex(of: 0x0A)
        else { return nil }
        let text = String(decoding: waiting[(place + mark.count)..<end], as: UTF8.self)
        guard let code = AgeFile.bytes(ofBase64: text), code.count == 32 else { throw .header }
        let header = Array(waiting[..<(place + mark.count - 1)])
        waiting.removeFirst(end + 1)
        return (header, code)
    }

    private func fileKey(_ header: [UInt8], _ code: [UInt8]) throws(AgeFault) -> [UInt8] {
        let lines = String(decoding: header, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.hasPrefix("-> X25519 ") {
            guard index + 1 < lines.count, let share = AgeFile.bytes(ofBase64: line.dropFirst("-> X25519 ".count)),
                share.count == 32, let wrapped = AgeFile.bytes(ofBase64: lines[index + 1]), wrapped.count == 32
            else { throw .header }
            for identity in identities {
                guard let shared = X25519.shared(identity.secret, with: share) else { throw .header }
                let wrap = ChaChaPoly(key: AgeFile.wrapKey(shared, share, identity.recipient))
                guard let key = wrap.opened(wrapped, nonce: [UInt8](repeating: 0, count: 12)) else { continue }
                let ours = AgeFile.code(of: header, key)
                guard zip(ours, code).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0 else { throw .header }
                return key
            }
        }
        throw .otherKey
    }
}

extension [UInt8] {
    /// Where these bytes begin for the first time.
    fileprivate func firstIndex(of other: [UInt8]) -> Int? {
        guard count >= other.count else { return nil }
        return (0...count - other.count).first { self[$0..<$0 + other.count].elementsEqual(other) }
    }
}
