/// Names of a workbook's sheets that Excel takes, each once.
struct SheetNames {
    /// In UTF-16's units.
    private static let limit = 31
    private var used: Set<String> = []

    /// The text, as far as a sheet's name may be it.
    mutating func next(for text: String) -> String {
        let name = Self.allowed(text)
        var result = name
        var count = 1
        // Excel doesn't tell names apart by case.
        while !used.insert(result.lowercased()).inserted {
            count += 1
            result = Self.cut(name, to: Self.limit - " (\(count))".utf16.count) + " (\(count))"
        }
        return result
    }

    private static func allowed(_ text: String) -> String {
        let characters = text.onOnePlainLine.map { character in
            switch character {
            case "[": Character("(")
            case "]": Character(")")
            case ":", "*", "?", "/", "\\": Character("-")
            default: character
            }
        }
        let name = cut(String(characters), to: limit)
        if name.isEmpty { return "Report" }
        // Excel keeps `History` for itself. And libxlsxwriter 1.1.4 doesn't quote in formulas what looks like the
        // name of a cell or a number there, `Q1` or `2026`, which makes a damaged workbook.
        if name.lowercased() == "history" || looksLikeSomethingElse(name) { return cut("Report \(name)", to: limit) }
        return name
    }

    private static func looksLikeSomethingElse(_ name: String) -> Bool {
        guard name.utf8.allSatisfy({ isWord($0) }) else { return false }
        let reserved = ["r", "c", "rc", "true", "false"]
        return reserved.contains(name.lowercased()) || name.utf8.contains { !isLetter($0) }
    }

    /// Of what libxlsxwriter leaves without quotes.
    private static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Without spaces and apostrophes at its ends.
    private static func cut(_ name: String, to length: Int) -> String {
        var rest = name[...]
        while let first = rest.first, isDropped(first) { rest.removeFirst() }
        while let last = rest.last, isDropped(last) || rest.utf16.count > length { rest.removeLast() }
        return String(rest)
    }

    private static func isDropped(_ character: Character) -> Bool { character == "'" || character.isWhitespace }
}
