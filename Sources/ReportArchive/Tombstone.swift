/// Says that somebody was erased, without saying who: only somebody who has the address can test whether it is theirs.
package struct Tombstone: Hashable, Sendable {
    /// Of the HMAC; 64 hexadecimal digits, made at random for a database's first erasure.
    package let key: String
    /// The HMAC-SHA-256 of the address in small letters; 64 hexadecimal digits.
    package let code: String

    package init(key: String, code: String) {
        self.key = key
        self.code = code
    }

    /// What replaces the address: the same everywhere, so that what was one recipient stays one. No mail ever
    /// leads to it (RFC 2606).
    package var placeholder: String { "erased-\(code.prefix(16))@erased.invalid" }

    var line: String { "Somebody was erased: by the key \(key) the HMAC-SHA-256 of the address is \(code)." }

    /// What follows `Somebody was erased: `.
    init(_ line: inout ValueReader) throws(ArchiveFault) {
        try line.expect("by the key ")
        key = try line.digits()
        try line.expect(" the HMAC-SHA-256 of the address is ")
        code = try line.digits()
        try line.expect(".")
        try line.expectEnd()
    }

    /// Both, each once, in the order of their codes.
    package static func union(_ some: [Tombstone], _ others: [Tombstone]) -> [Tombstone] {
        Set(some + others).sorted { ($0.code, $0.key) < ($1.code, $1.key) }
    }
}
