/// A text with placeholders in braces. `{{` is a brace; a closing one is itself everywhere else.
package struct BracedText<Placeholder: Hashable & Sendable>: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case text(String)
        case placeholder(Placeholder)
    }

    package enum Fault: Error, Hashable {
        /// With what follows the brace.
        case notClosed(Substring)
        /// With what is between the braces.
        case unknown(Substring)
    }

    package let parts: [Part]

    /// `placeholder`: what is between braces; nil where that means nothing.
    package init(_ text: String, placeholder: (Substring) -> Placeholder?) throws(Fault) {
        var parts: [Part] = []
        var rest = text[...]
        // By bytes: a search for a character costs the square of what a long run of accents is long.
        while let brace = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
            rest = rest[rest.utf8.index(after: brace)...]
            if rest.utf8.first == UInt8(ascii: "{") {
                parts.append(.text("{"))
                rest = rest[rest.utf8.index(after: rest.startIndex)...]
                continue
            }
            guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else { throw .notClosed(rest) }
            guard let part = placeholder(rest[..<end]) else { throw .unknown(rest[..<end]) }
            parts.append(.placeholder(part))
            rest = rest[rest.utf8.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    /// The placeholders, in order.
    package var placeholders: [Placeholder] {
        parts.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }

    package func text(_ value: (Placeholder) -> String) -> String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let part): text += part
            case .placeholder(let placeholder): text += value(placeholder)
            }
        }
    }
}
