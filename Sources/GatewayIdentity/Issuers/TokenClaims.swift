internal import FoundationEssentials
internal import KubernetesModel

/// What a token says of somebody.
struct TokenClaims: Sendable {
    let values: [String: JSONValue]

    func text(_ name: String) -> String? { values[name]?.string }

    /// A point in time; nil where there is none, or none that a calendar has.
    func date(_ name: String) -> Date? {
        let seconds: Double
        switch values[name] {
        case .integer(let value): seconds = Double(value)
        case .number(let value): seconds = value
        case .none, .null, .bool, .decimal, .string, .array, .object: return nil
        }
        // To the end of the year 9999.
        guard seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    /// Whether a claim is there, whatever it is.
    func has(_ name: String) -> Bool { values[name].map { $0 != .null } ?? false }

    /// A list, or a text with commas; what isn't text is left out.
    func list(_ name: String) -> [String] {
        switch values[name] {
        case .array(let elements): elements.compactMap(\.string)
        case .string(let text):
            text.utf8.split(separator: UInt8(ascii: ",")).map { part in
                let inner = part.drop { $0 == UInt8(ascii: " ") }
                let end = inner.lastIndex { $0 != UInt8(ascii: " ") }.map { inner.index(after: $0) }
                return String(decoding: inner[..<(end ?? inner.startIndex)], as: UTF8.self)
            }
        case .none, .null, .bool, .integer, .number, .decimal, .object: []
        }
    }

    /// For whom it is: a text, or a list (RFC 7519, 4.1.3). A comma is part of a name here.
    var audiences: [String] { text("aud").map { [$0] } ?? list("aud") }

    /// An address that its issuer has verified or is trusted with, and that looks like one.
    func email(trusted: Bool) -> String? {
        // Some providers write it as text.
        let isVerified = values["email_verified"] == .bool(true) || text("email_verified") == "true"
        guard trusted || isVerified, let email = text("email"), ImpersonationRule.textFault(email) == nil else {
            return nil
        }
        let parts = email.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let isPlain = email.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isPlain && parts.count == 2 && parts.allSatisfy { !$0.isEmpty } ? email : nil
    }

    /// What people call her.
    var displayName: String? {
        ["name", "preferred_username"].lazy.compactMap(text).first { ImpersonationRule.textFault($0) == nil }
    }
}
