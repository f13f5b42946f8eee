import FoundationEssentials
import KubernetesModel

/// What a token says, as the checks need it.
struct TokenClaims: Sendable {
    private let values: JSONObject

    init(_ values: JSONObject) { self.values = values }

    var issuer: String? { text("iss") }
    var subject: String? { text("sub") }
    var nonce: String? { text("nonce") }
    var authorizedParty: String? { text("azp") }
    var email: String? { text("email") }
    var name: String? { text("name") }

    /// Some issuers write it as text.
    var isEmailVerified: Bool {
        switch values["email_verified"] ?? .null {
        case .bool(let value): value
        case .string(let value): value == "true"
        default: false
        }
    }

    var audiences: [String] { texts("aud") }
    var expiry: TokenTime { time("exp") }
    var notBefore: TokenTime { time("nbf") }
    var issuedAt: TokenTime { time("iat") }

    func text(_ claim: String) -> String? {
        guard case .string(let value) = values[claim] ?? .null else { return nil }
        return value
    }

    /// A list of text, or one text.
    func texts(_ claim: String) -> [String] {
        switch values[claim] ?? .null {
        case .string(let value): [value]
        case .array(let elements):
            elements.compactMap { if case .string(let value) = $0 { value } else { nil } }
        default: []
        }
    }

    private func time(_ claim: String) -> TokenTime {
        let seconds: Double
        switch values[claim] ?? .null {
        case .null: return .none
        case .integer(let value): seconds = Double(value)
        case .number(let value): seconds = value
        default: return .invalid
        }
        // Up to the year 9999.
        guard seconds.isFinite, (0...253_402_300_799).contains(seconds) else { return .invalid }
        return .at(Date(timeIntervalSince1970: seconds))
    }
}

/// A moment that a token names.
enum TokenTime: Hashable, Sendable {
    case none
    case invalid
    case at(Date)
}
