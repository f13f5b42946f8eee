/// A configuration that can't be used: where, which field, and what would be allowed.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, with line and column where they are known; nil when no single file is at fault.
    package let file: String?
    /// The field's path in it, such as `users[admin].user.client-key`.
    package let field: String?
    package let message: String

    package init(_ message: String, file: String? = nil, field: String? = nil) {
        self.message = message
        self.file = file
        self.field = field
    }

    package var description: String {
        [file, field, message].compactMap { $0 }.joined(separator: ": ")
    }
}
