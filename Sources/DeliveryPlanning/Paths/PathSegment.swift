/// Makes one segment of a path out of any text: a name and no more, whatever file system or library takes it.
enum PathSegment {
    /// Of one placeholder's value, in bytes.
    static let longestValue = 100
    /// Of a whole segment. File systems and SharePoint take 255; an ending or a temporary name comes on top.
    static let longest = 200

    /// A placeholder's value, cut between two characters.
    static func value(_ text: String) -> String { prefix(of: escaped(text), bytes: longestValue) }

    /// A whole segment. One that is too long is cut, and ends with what tells it from others that begin like it.
    static func whole(_ text: String) -> String {
        var segment = escaped(text)
        if segment.utf8.count > longest {
            let digits = fingerprint(segment)
            segment = prefix(of: segment, bytes: longest - digits.utf8.count - 1) + "-" + digits
        }
        if segment.isEmpty { return "_" }
        // Windows and SharePoint drop blanks at both ends and dots at the end, which would be another name.
        let start = segment.utf8.prefix { $0 == space }.count
        let end = segment.utf8.reversed().prefix { $0 == space || $0 == dot }.count
        if start == segment.utf8.count || end == segment.utf8.count {
            return String(repeating: "_", count: segment.utf8.count)
        }
        segment =
            String(repeating: "_", count: start) + segment.utf8.dropFirst(start).dropLast(end).text
            + String(repeating: "_", count: end)
        return isDevice(segment) ? "_" + segment : segment
    }

    private static let dot = UInt8(ascii: ".")
    private static let space = UInt8(ascii: " ")

    private static func escaped(_ text: String) -> String {
        var segment = String.UnicodeScalarView()
        var isLeading = true
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            let isPair = scalar == "." && rest.first == "."
            if isPair { rest.removeFirst() }
            isLeading = isLeading && scalar == "."
            segment.append(isPair || isLeading || isForbidden(scalar) ? "_" : scalar)
        }
        return String(segment)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": true
        // Ends of lines, and what makes a name read backwards, so that its ending seems another.
        case "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        default: scalar.properties.generalCategory == .control
        }
    }

    /// Whether it is a device to Windows, with any ending.
    private static func isDevice(_ segment: String) -> Bool {
        let stem = segment.utf8.prefix { $0 != dot }
        switch stem.text.uppercased() {
        case "CON", "PRN", "AUX", "NUL": return true
        case let name where name.utf8.count == 4 && (name.hasPrefix("COM") || name.hasPrefix("LPT")):
            return name.utf8.last.map { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) } ?? false
        default: return false
        }
    }

    /// What fits, without a part of a character.
    private static func prefix(of text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        // Characters are looked at in its beginning alone: one may have any number of accents.
        var start = Substring.UnicodeScalarView()
        var (length, fitting) = (0, 0)
        for scalar in text.unicodeScalars {
            start.append(scalar)
            length += UTF8.width(scalar)
            if length > limit { break }
            fitting = length
        }
        var count = 0
        for character in Substring(start) {
            let next = count + character.utf8.count
            if next > limit { break }
            count = next
        }
        return text.utf8.prefix(count > 0 ? count : fitting).text
    }

    /// FNV-1a of 64 bits: it tells names apart, no more.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Sequence<UInt8> {
    fileprivate var text: String { String(decoding: Array(self), as: UTF8.self) }
}
