/// Why bytes aren't JSON, or more of it than is allowed, and where. It never holds what was there.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// Not JSON as RFC 8259 has it; what was expected instead.
        case syntax(expected: String)
        /// It ends before its value does.
        case unfinished
        /// Longer than what is allowed, in bytes.
        case tooLong(bytes: Int, allowed: Int)
        /// A list of more elements than its number of bytes allows.
        case tooMany(bytes: Int, allowed: Int)
    }

    public let kind: Kind
    /// In bytes from the beginning.
    public let offset: Int

    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    public var description: String {
        switch kind {
        case .syntax(let expected): "not valid JSON at byte \(offset): expected \(expected)"
        case .unfinished: "not valid JSON: it ends at byte \(offset), in the middle of a value"
        case .tooLong(let bytes, let allowed): "\(bytes) bytes of JSON; at most \(allowed) are allowed"
        case .tooMany(let bytes, let allowed):
            "a list of more than \(allowed) elements; no more are allowed in \(bytes) bytes of JSON"
        }
    }
}
