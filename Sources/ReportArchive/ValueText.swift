import BSON
import FoundationEssentials

/// One value in words, on one line; `ValueReader` is the inverse.
///
/// What no words have exactly (text that isn't UTF-8, a list whose members aren't numbered, a decimal that isn't canonical)
/// is written as the bytes that it has in BSON.
enum ValueText {
    static func append(_ element: BSONReader.Element, to output: inout [UInt8]) {
        guard let kind = words(element, &output) else {
            output.append(contentsOf: "the raw value of type \(element.type.rawValue): ".utf8)
            return Hexadecimal.append(element.content, to: &output)
        }
        output.append(contentsOf: kind.utf8)
    }

    /// Appends all but the text that it returns; nil, with nothing appended, where there are no words.
    private static func words(_ element: BSONReader.Element, _ output: inout [UInt8]) -> String? {
        switch element.type {
        case .string, .symbol, .javaScript:
            guard let text = element.utf8Text else { return nil }
            let noun = element.type == .string ? "" : element.type == .symbol ? "the symbol " : "the code "
            output.append(contentsOf: noun.utf8)
            QuotedText.append(text, to: &output)
            return ""
        case .document, .array:
            let isList = element.type == .array
            guard let members = Members(element.content, isList: isList) else { return nil }
            output.append(UInt8(ascii: isList ? "[" : "{"))
            for (index, member) in members.list.enumerated() {
                if index > 0 { output.append(contentsOf: ", ".utf8) }
                if !isList {
                    KeyText.append(member.keyBytes, to: &output)
                    output.append(contentsOf: " is ".utf8)
                }
                append(member, to: &output)
            }
            return isList ? "]" : "}"
        case .binary:
            let binary = element.binary
            let of = binary.subtype == 0 ? "" : " of subtype \(binary.subtype)"
            return "the bytes \"\(Data(binary.bytes).base64EncodedString())\"\(of)"
        case .decimal128:
            return DecimalText.text(element.decimal128).map { "the decimal \($0)" }
        case .regularExpression:
            let parts = element.content.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            guard isText(parts[0]), isText(parts[1]) else { return nil }
            output.append(contentsOf: "the regular expression ".utf8)
            QuotedText.append(parts[0], to: &output)
            output.append(contentsOf: " with the options ".utf8)
            QuotedText.append(parts[1], to: &output)
            return ""
        case .databasePointer:
            guard let text = element.utf8Text else { return nil }
            output.append(contentsOf: "the pointer to ".utf8)
            QuotedText.append(text, to: &output)
            return " with the object id \(BSONObjectID(Array(element.content.suffix(12))).map(\.description) ?? "")"
        case .javaScriptWithScope:
            return nil
        case .double, .undefined, .objectID, .bool, .date, .null, .int32, .timestamp, .int64, .maxKey, .minKey:
            return plain(element.value)
        }
    }

    private static func plain(_ value: BSONValue) -> String? {
        switch value {
        case .double(let number):
            if number.isNaN { return number.bitPattern == Double.nan.bitPattern ? "the number NaN" : nil }
            return "the number \(number)"
        case .int32(let number): return "\(number)"
        case .int64(let number): return "the long number \(number)"
        case .bool(let isTrue): return isTrue ? "true" : "false"
        case .null: return "nothing"
        case .undefined: return "undefined"
        case .minKey: return "the lowest key"
        case .maxKey: return "the highest key"
        case .objectID(let id): return "the object id \(id)"
        case .date(let milliseconds):
            return MomentText.text(milliseconds: milliseconds).map { "the moment \($0)" }
                ?? "the moment \(milliseconds) ms after 1970"
        case .timestamp(let seconds, let increment): return "the server time \(seconds), \(increment)"
        case .string, .document, .array, .binary, .regularExpression, .databasePointer, .javaScript, .symbol,
            .javaScriptWithScope, .decimal128:
            return nil
        }
    }

    static func isText(_ bytes: ArraySlice<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}

/// The members of a document or list that words can name; nil where they can't.
struct Members {
    let list: [BSONReader.Element]

    /// `content`: a whole document.
    init?(_ content: ArraySlice<UInt8>, isList: Bool) {
        var reader = BSONReader(content)
        var list: [BSONReader.Element] = []
        while let member = reader.next() {
            if isList {
                guard member.keyBytes.elementsEqual(String(list.count).utf8) else { return nil }
            } else {
                guard ValueText.isText(member.keyBytes) else { return nil }
            }
            list.append(member)
        }
        self.list = list
    }
}

/// A member's name: bare where it is a word, else in quotes.
enum KeyText {
    static func append(_ key: ArraySlice<UInt8>, to output: inout [UInt8]) {
        if isWord(key) { output.append(contentsOf: key) } else { QuotedText.append(key, to: &output) }
    }

    static func isWord(_ key: ArraySlice<UInt8>) -> Bool {
        guard let first = key.first, isWordByte(first), !(0x30...0x39).contains(first) else { return false }
        return key.count <= 64 && key.allSatisfy(isWordByte)
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }
}

extension BSONReader.Element {
    /// The bytes of the text with which the content begins; nil where they aren't UTF-8.
    var utf8Text: ArraySlice<UInt8>? {
        let start = content.startIndex + 4
        let text = content[start..<start + textLength]
        return ValueText.isText(text) ? text : nil
    }
}
