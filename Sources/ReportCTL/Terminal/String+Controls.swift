extension String {
    /// With what could steer a terminal, or make a line read as another, as Swift writes it in a string: `\n`, `\t`,
    /// `\u{1b}`. `keepingLines`: but for line feeds.
    func escapingControls(keepingLines: Bool = false) -> String {
        guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            guard scalar.steersTerminals, !(keepingLines && scalar == "\n") else {
                text.append(scalar)
                continue
            }
            switch scalar {
            case "\n": text += "\\n".unicodeScalars
            case "\r": text += "\\r".unicodeScalars
            case "\t": text += "\\t".unicodeScalars
            default: text += "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
            }
        }
        return String(text)
    }

    /// As `escapingControls`, of JSON, whose encoder leaves those beyond ASCII as they are.
    var escapingControlsInJSON: String {
        guard unicodeScalars.contains(where: { $0.value >= 0x7F && $0.steersTerminals }) else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
                    guard scalar.value >= 0x7F, scalar.steersTerminals else { return [scalar] }
                    let digits = String(scalar.value, radix: 16)
                    return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }))
    }
}

extension Unicode.Scalar {
    /// Control characters, other line ends, and what turns the direction of all that follows.
    fileprivate var steersTerminals: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
