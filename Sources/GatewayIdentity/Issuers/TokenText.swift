internal import FoundationEssentials
internal import JSONReading
internal import KubernetesModel

/// A signed token in its compact form (RFC 7515, 7.1), taken apart and not believed yet.
struct TokenText: Sendable {
    /// More than any provider's; headers of that length are refused by servers.
    static let longest = 8 << 10

    struct Header: Decodable, Sendable {
        var alg: String
        var kid: String?
        /// What must be understood beyond what everybody does; we understand none.
        var crit: JSONValue?
    }

    let header: Header
    let claims: [String: JSONValue]
    /// Header and claims as they were signed.
    let signed: [UInt8]
    let signature: [UInt8]

    /// Nil for what isn't such a token.
    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // An unsigned one has nothing behind its second point; it is taken apart all the same, to be refused by name.
        guard parts.count == 3, let head = Self.bytes(parts[0]), let body = Self.bytes(parts[1]),
            let signature = Self.bytes(parts[2]),
            let header = try? JSONReader().decode(Header.self, from: head),
            let claims = try? JSONReader.forPeople.decode([String: JSONValue].self, from: body)
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = [UInt8](signature)
        signed = [UInt8](text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    /// Base64 as URLs have it (RFC 7515, 2): no other characters, no padding.
    private static func bytes(_ part: Substring.UTF8View) -> Data? {
        var text: [UInt8] = []
        text.reserveCapacity(part.count + 3)
        for byte in part {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.append(byte)
            case UInt8(ascii: "-"): text.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): text.append(UInt8(ascii: "/"))
            case _: return nil
            }
        }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(text))
    }
}
