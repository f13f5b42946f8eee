import KubernetesModel

/// What is wrong with a setting: where, what it is, and what is allowed.
package struct SettingsFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Such as `issuers[0].usernamePrefix`.
    package let field: String
    /// As it was written; nil where it is missing.
    package let value: String?
    package let allowed: String

    package init(field: String, value: String?, allowed: String) {
        self.field = field
        self.value = value
        self.allowed = allowed
    }

    package var description: String {
        guard let value else { return "\(field) is required: \(allowed)" }
        return "\(field): \(Self.quoted(value)) is not allowed; it must be \(allowed)"
    }

    private static func quoted(_ value: String) -> String {
        let shown = value.head(bytes: 100).unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }
        return "\"\(String(String.UnicodeScalarView(shown)))\""
    }
}
