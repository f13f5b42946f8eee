/// White space, strings, numbers and words.
extension JSONParser {
    @inline(__always)
    mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
            default: return
            }
        }
    }

    @inline(__always)
    func peek() throws(JSONError) -> UInt8 {
        guard position < end else { throw JSONError(.unfinished, at: end) }
        return bytes[position]
    }

    /// Reads a string from its opening to behind its closing quote. True when it has escapes.
    mutating func string() throws(JSONError) -> Bool {
        var at = position &+ 1
        var isEscaped = false
        while true {
            at = plainEnd(from: at)
            guard at < end else { throw JSONError(.unfinished, at: end) }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                position = at &+ 1
                return isEscaped
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                at = try escapeEnd(from: at)
            } else if byte >= 0x80 {
                at = try sequenceEnd(from: at)
            } else {
                throw JSONError(.syntax(expected: "no control character in a string"), at: at)
            }
        }
    }

    /// Where the first byte is that isn't an ordinary ASCII character: eight at once as long as it goes.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        var at = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        while at &+ 8 <= end {
            let word = UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            // A byte's high bit is set where it is below 0x20, a quote, a backslash, or no ASCII.
            let found = ((word &- ones &* 0x20) | (quotes &- ones) | (slashes &- ones) | word) & high
            // In the lowest of those where it is set, exactly there: nothing was borrowed from below it.
            if found != 0 { return at &+ UInt64(littleEndian: found).trailingZeroBitCount / 8 }
            at &+= 8
        }
        while at < end {
            let byte = bytes[at]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { break }
            at &+= 1
        }
        return at
    }

    private func escapeEnd(from start: Int) throws(JSONError) -> Int {
        guard start + 1 < end else { throw JSONError(.unfinished, at: end) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(at: start + 2)
            if !(0xD800...0xDFFF).contains(unit) { return start + 6 }
            guard unit < 0xDC00, start + 7 < end, bytes[start + 6] == UInt8(ascii: "\\"),
                bytes[start + 7] == UInt8(ascii: "u"), (0xDC00...0xDFFF).contains(try codeUnit(at: start + 8))
            else { throw JSONError(.syntax(expected: "both halves of a surrogate pair"), at: start) }
            return start + 12
        default:
            throw JSONError(.syntax(expected: "an escape that JSON knows"), at: start)
        }
    }

    private func codeUnit(at start: Int) throws(JSONError) -> UInt32 {
        guard start + 4 <= end else { throw JSONError(.unfinished, at: end) }
        var unit: UInt32 = 0
        for at in start..<start + 4 {
            guard let digit = JSONText.hexDigit(bytes[at]) else {
                throw JSONError(.syntax(expected: "four hexadecimal digits"), at: at)
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Behind the UTF-8 sequence that begins here; table 3-7 of the Unicode standard.
    private func sequenceEnd(from start: Int) throws(JSONError) -> Int {
        let (count, second): (Int, ClosedRange<UInt8>)
        switch bytes[start] {
        case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
        case 0xE0: (count, second) = (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (count, second) = (3, 0x80...0xBF)
        case 0xED: (count, second) = (3, 0x80...0x9F)
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
        case 0xF4: (count, second) = (4, 0x80...0x8F)
        default: throw JSONError(.syntax(expected: "UTF-8"), at: start)
        }
        guard start + count <= end else { throw JSONError(.unfinished, at: end) }
        guard second.contains(bytes[start + 1]) else { throw JSONError(.syntax(expected: "UTF-8"), at: start) }
        var at = start + 2
        while at < start + count {
            guard bytes[at] & 0xC0 == 0x80 else { throw JSONError(.syntax(expected: "UTF-8"), at: start) }
            at += 1
        }
        return start + count
    }

    mutating func number() throws(JSONError) {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if try peek() == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(JSONError) {
        let first = position
        while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position &+= 1 }
        guard position > first else {
            throw position < end
                ? JSONError(.syntax(expected: "a digit"), at: position) : JSONError(.unfinished, at: end)
        }
    }
}

/// The contents of strings, beyond their syntax.
enum JSONText {
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Eight bytes at once as long as it goes.
    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var at = 0
        while at &+ 8 <= raw.count {
            if raw.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
            at &+= 8
        }
        return raw[at...].allSatisfy { $0 < 0x80 }
    }

    /// The text of a string that the parser has found to be right.
    static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count) { text in
            var (from, to) = (0, 0)
            while from < bytes.count {
                if bytes[from] != UInt8(ascii: "\\") {
                    text.initializeElement(at: to, to: bytes[from])
                    from += 1
                    to += 1
                    continue
                }
                for byte in UTF8.encode(escape(bytes, &from)) ?? UTF8.encodedReplacementCharacter {
                    text.initializeElement(at: to, to: byte)
                    to += 1
                }
            }
            return to
        }
    }

    /// How many bytes it has.
    static func unescapedCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var (from, count) = (0, 0)
        while from < bytes.count {
            if bytes[from] != UInt8(ascii: "\\") {
                from += 1
                count += 1
            } else {
                count += UTF8.width(escape(bytes, &from))
            }
        }
        return count
    }

    /// Whether that text is this name; it stops at the first byte that differs.
    static func isUnescaped(_ bytes: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var (from, to) = (0, 0)
        while from < bytes.count {
            if bytes[from] != UInt8(ascii: "\\") {
                guard to < name.count, bytes[from] == name[to] else { return false }
                from += 1
                to += 1
                continue
            }
            for byte in UTF8.encode(escape(bytes, &from)) ?? UTF8.encodedReplacementCharacter {
                guard to < name.count, byte == name[to] else { return false }
                to += 1
            }
        }
        return to == name.count
    }

    /// The character of the escape at `from`, which is behind it then.
    @inline(__always)
    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ from: inout Int) -> Unicode.Scalar {
        func unit() -> UInt32 {
            defer { from += 6 }
            return (from + 2..<from + 6).reduce(0) { $0 << 4 | (hexDigit(bytes[$1]) ?? 0) }
        }
        if bytes[from + 1] == UInt8(ascii: "u") {
            let first = unit()
            guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (unit() - 0xDC00)) ?? "\u{FFFD}"
        }
        defer { from += 2 }
        return switch bytes[from + 1] {
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        case let other: Unicode.Scalar(other)
        }
    }
}
