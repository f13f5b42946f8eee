/// What Redis answered to one command, as a value of its own.
package enum RedisReply: Sendable, Hashable {
    /// A status such as `OK`.
    case simple(String)
    /// Bytes, whatever they are.
    case bulk([UInt8])
    case integer(Int64)
    case null
    case array([RedisReply])
    case error(RedisServerError)
}

/// An error that Redis answered with.
package struct RedisServerError: Sendable, Hashable {
    /// The first word, such as `WRONGTYPE`; `ERR` for everything without a code of its own.
    package let code: String
    /// Redis' own words, without the code.
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Splits a line such as `NOAUTH Authentication required.`
    package init(line: String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        let first = parts.first.map(String.init) ?? ""
        let isCode = !first.isEmpty && first.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        code = isCode ? first : "ERR"
        message = isCode ? String(parts.dropFirst().first ?? "") : line
    }
}

extension RedisReply {
    /// The bytes of a bulk or simple string.
    package var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes): bytes
        case .simple(let text): Array(text.utf8)
        case .integer, .null, .array, .error: nil
        }
    }

    /// The same as text; nil where it isn't valid UTF-8.
    package var string: String? {
        switch self {
        case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
        case .simple(let text): text
        case .integer, .null, .array, .error: nil
        }
    }

    /// An integer, or a string that is one: scripts return large numbers as text, since Lua's are doubles.
    package var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bulk, .simple: string.flatMap { Int64($0) }
        case .null, .array, .error: nil
        }
    }

    package var array: [RedisReply]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var isNull: Bool { self == .null }
}
