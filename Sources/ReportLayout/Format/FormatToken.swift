import KubernetesModel

/// A piece of a number-format code.
struct FormatToken: Hashable {
    enum Kind: Hashable {
        case zero, hash, comma, point, percent, semicolon, at, red
        case literal(String)
        /// A run of one letter, in lower case: `yyyy`.
        case letters(Character, count: Int)
        case halfDay
        case unknown
    }

    let kind: Kind
    /// As it was written.
    let text: String
    /// Which character of the code it begins at; the first is 1.
    let place: Int

    var isOfDate: Bool {
        switch kind {
        case .letters, .halfDay: true
        case .zero, .hash, .comma, .point, .percent, .semicolon, .at, .red, .literal, .unknown: false
        }
    }

    var literal: String? { if case .literal(let text) = kind { text } else { nil } }

    var workbookText: String {
        switch kind {
        case .red: "[Red]"
        case .halfDay: "AM/PM"
        case .letters(let letter, let count): String(repeating: letter, count: count)
        // A slash alone would be a fraction's, or the reader's own separator of dates.
        case .literal("/"): "\\/"
        case .literal where text.unicodeScalars.count == 1 && !text.unicodeScalars.allSatisfy(\.isASCII): "\"\(text)\""
        case .literal, .zero, .hash, .comma, .point, .percent, .semicolon, .at, .unknown: text
        }
    }
}

/// Cuts a number-format code into its pieces.
struct FormatScanner {
    private let text: [Character]
    private var place = 0

    init(_ text: String) { self.text = Array(text) }

    private static let literals: Set<Character> = [
        "(", ")", "-", "+", "/", ":", " ", "$", "€", "£", "¥", "\u{A0}", "\u{202F}",
    ]

    mutating func next() throws(FormatCode.Fault) -> FormatToken? {
        guard place < text.count else { return nil }
        let start = place
        let kind = try kind()
        return FormatToken(kind: kind, text: String(text[start..<place]), place: start + 1)
    }

    private mutating func kind() throws(FormatCode.Fault) -> FormatToken.Kind {
        let character = text[place]
        place += 1
        switch character {
        case "0": return .zero
        case "#": return .hash
        case ",": return .comma
        case ".": return .point
        case "%": return .percent
        case ";": return .semicolon
        case "@": return .at
        case "\"": return try quoted()
        case "\\", "_":
            guard place < text.count else {
                throw FormatCode.Fault(
                    description: "\"\(String(text).head)\" ends with \(character), which needs a character after it")
            }
            place += 1
            return .literal(character == "_" ? " " : String(text[place - 1]))
        case "[":
            return take("red]") ? .red : bracket()
        case "y", "Y", "m", "M", "d", "D", "h", "H", "s", "S":
            let letter = Character(character.lowercased())
            var count = 1
            while place < text.count, text[place].lowercased() == String(letter) {
                place += 1
                count += 1
            }
            return .letters(letter, count: count)
        case "a", "A":
            return take("m/pm") ? .halfDay : .unknown
        default:
            return Self.literals.contains(character) ? .literal(String(character)) : .unknown
        }
    }

    private mutating func take(_ word: String) -> Bool {
        let end = place + word.count
        guard end <= text.count, String(text[place..<end]).lowercased() == word else { return false }
        place = end
        return true
    }

    /// Something in brackets that isn't known, as a whole.
    private mutating func bracket() -> FormatToken.Kind {
        if let end = text[place...].firstIndex(of: "]") { place = end + 1 }
        return .unknown
    }

    private mutating func quoted() throws(FormatCode.Fault) -> FormatToken.Kind {
        guard let end = text[place...].firstIndex(of: "\"") else {
            throw FormatCode.Fault(
                description: "\"\(String(text).head)\" has a quote at character \(place) that is not closed")
        }
        defer { place = end + 1 }
        return .literal(String(text[place..<end]))
    }
}
