/// The forms of text that a pipeline and its parameters may have.
///
/// By hand: a regular expression is recompiled at each use (Swift's can't be shared between tasks), and these checks
/// are on the hot path.
enum TextForm {
    /// A letter, then letters, digits, `_` and `-`, at most 63 in all.
    static func isParameterName(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count <= 63, let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    /// A Kubernetes quantity without sign or exponent, such as `1.5Gi`.
    static func isQuantity(_ text: String) -> Bool {
        var scanner = Scanner(text)
        guard scanner.digits() > 0 else { return false }
        if scanner.take("."), scanner.digits() == 0 { return false }
        let suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "M", "G", "T", "P", "E"]
        return suffixes.contains(String(scanner.rest))
    }

    /// As JSON writes it: no leading zero, no plus sign.
    static func isInteger(_ text: String) -> Bool {
        var scanner = Scanner(text)
        return scanner.integer() && scanner.rest.isEmpty
    }

    /// As JSON writes it.
    static func isNumber(_ text: String) -> Bool {
        var scanner = Scanner(text)
        guard scanner.integer() else { return false }
        if scanner.take("."), scanner.digits() == 0 { return false }
        if scanner.take("e") || scanner.take("E") {
            if !scanner.take("-") { _ = scanner.take("+") }
            guard scanner.digits() > 0 else { return false }
        }
        return scanner.rest.isEmpty
    }

    /// Year, month and day of a text such as `2026-10-31`.
    static func date(_ text: String) -> (year: Int, month: Int, day: Int)? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy(isDigit) }) else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        return (numbers[0], numbers[1], numbers[2])
    }

    private struct Scanner {
        private(set) var rest: Substring

        init(_ text: String) { rest = text[...] }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.unicodeScalars.first == character else { return false }
            rest.unicodeScalars.removeFirst()
            return true
        }

        /// - Returns: how many there were.
        mutating func digits() -> Int {
            let digits = rest.utf8.prefix(while: isDigit)
            defer { rest = rest[digits.endIndex...] }
            return digits.count
        }

        mutating func integer() -> Bool {
            _ = take("-")
            return take("0") || digits() > 0
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLowercase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }
}
