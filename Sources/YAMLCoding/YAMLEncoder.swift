package import FoundationEssentials

/// Writes values as YAML that kubectl reads back the same: keys in order, text quoted wherever some reader could take
/// it for something else.
///
///     let text = try YAMLEncoder().encode(job)
package struct YAMLEncoder: Sendable {
    package init() {}

    /// One document.
    package func encode(_ value: some Encodable) throws(YAMLError) -> Data {
        try encodeAll([value])
    }

    /// A document for each value, with separators between them.
    package func encodeAll(_ values: [some Encodable]) throws(YAMLError) -> Data {
        let emitter = try YAMLEmitter()
        for (index, value) in values.enumerated() {
            let box = YAMLBox()
            do {
                try value.encode(to: YAMLNodeEncoder(box, []))
            } catch {
                throw (error as? YAMLError) ?? YAMLError("\(error)")
            }
            try emitter.document(isFirst: index == 0) { () throws(YAMLError) in try Self.emit(box, to: emitter) }
        }
        return Data(try emitter.finish())
    }

    private static func emit(_ box: YAMLBox, to emitter: YAMLEmitter) throws(YAMLError) {
        switch box.content {
        case .nothing: try emitter.scalar("null", .plain)
        case .plain(let text): try emitter.scalar(text, .plain)
        case .text(let text): try emitter.scalar(text, style(of: text, isKey: false))
        case .sequence(let elements):
            try emitter.sequence(isEmpty: elements.isEmpty) { () throws(YAMLError) in
                for element in elements { try emit(element, to: emitter) }
            }
        case .mapping(let members):
            try emitter.mapping(isEmpty: members.isEmpty) { () throws(YAMLError) in
                for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                    try emitter.scalar(key, style(of: key, isKey: true))
                    try emit(value, to: emitter)
                }
            }
        }
    }

    private static func style(of text: String, isKey: Bool) -> YAMLEmitter.Style {
        if text.utf8.contains(UInt8(ascii: "\n")) { return !isKey && suitsBlock(text) ? .literal : .doubleQuoted }
        return isPlain(text) ? .plain : .doubleQuoted
    }

    /// Whether `text` is text to every reader without quotes. libyaml itself quotes what YAML's syntax demands.
    private static func isPlain(_ text: String) -> Bool {
        guard case .string = YAMLScalar(plain: text) else { return false }
        // "=" and "<<" mean something to some readers; anything that begins as a number does to others: base 60,
        // dates.
        guard text != "=", text != "<<", let first = text.utf8.first else { return false }
        let isLikeNumber =
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || "+-.".utf8.contains(first)
        if isLikeNumber, text.utf8.allSatisfy({ "0123456789+-.:_eExXoTZ ".utf8.contains($0) }) { return false }
        return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } && !text.unicodeScalars.contains(where: isUnprintable)
    }

    /// Whether `text` comes back the same from a literal block: no indentation of its own to guess, nothing that a
    /// block can't hold.
    private static func suitsBlock(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\n") else { return false }
        guard text.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || $0 == UInt8(ascii: "\n") }) else { return false }
        let hasTrailingSpace = text.split(separator: "\n", omittingEmptySubsequences: false).contains {
            $0.utf8.last == UInt8(ascii: " ")
        }
        return !hasTrailingSpace && !text.unicodeScalars.contains(where: isUnprintable)
    }

    /// What readers take for a line's end or refuse outside of quotes.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}
