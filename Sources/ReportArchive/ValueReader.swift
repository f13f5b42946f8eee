import BSON
import FoundationEssentials

/// Reads what `ValueText` has written. It may accept a little more: the caller writes what was read again and compares.
struct ValueReader {
    /// A value: its type and its bytes in BSON.
    struct Value {
        var type: BSONType
        var content: [UInt8]
    }

    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int
    /// MongoDB itself nests 100 deep at most.
    private static let maximumDepth = 200

    init(_ line: ArraySlice<UInt8>) {
        bytes = line
        position = line.startIndex
    }

    /// What hasn't been read yet.
    var rest: ArraySlice<UInt8> { bytes[position...] }

    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.endIndex - position >= count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        position += count
        return true
    }

    mutating func take(_ text: ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text) else { return false }
        position += text.count
        return true
    }

    mutating func skip(_ count: Int) { position += count }

    mutating func expect(_ text: StaticString) throws(ArchiveFault) {
        guard take(text) else { throw ArchiveFault("\"\(text)\" is missing at \(place)") }
    }

    func expectEnd() throws(ArchiveFault) {
        guard rest.isEmpty else { throw ArchiveFault("there is more than a sentence: \(place)") }
    }

    /// What comes next, for messages.
    var place: String {
        rest.isEmpty ? "the end" : QuotedText.quoted(String(decoding: rest.prefix(40), as: UTF8.self))
    }

    /// Digits with an optional sign.
    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws(ArchiveFault) -> Number {
        let text = word { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
        guard let number = Number(text) else { throw ArchiveFault("\"\(text)\" is not a number of the kind") }
        return number
    }

    private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.endIndex, isPart(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    mutating func key() throws(ArchiveFault) -> [UInt8] {
        if bytes[position...].first == UInt8(ascii: "\"") { return try quoted() }
        let key = word(KeyText.isWordByte)
        guard !key.isEmpty else { throw ArchiveFault("a name is missing at \(place)") }
        return Array(key.utf8)
    }

    /// A text in JSON's quotes.
    mutating func quoted() throws(ArchiveFault) -> [UInt8] {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return text }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            let scalar = try escape()
            text.append(contentsOf: String(Character(scalar)).utf8)
        }
        throw ArchiveFault("a text has no closing quote")
    }

    mutating func text() throws(ArchiveFault) -> String {
        guard let text = String(validating: try quoted(), as: UTF8.self) else {
            throw ArchiveFault("a text is not UTF-8")
        }
        return text
    }

    private mutating func escape() throws(ArchiveFault) -> Unicode.Scalar {
        defer { position += 1 }
        switch rest.first {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "u"):
            let digits = bytes[position...].dropFirst().prefix(4).compactMap(Hexadecimal.value)
            let value = digits.reduce(0 as UInt32) { $0 << 4 | UInt32($1) }
            guard digits.count == 4, let scalar = Unicode.Scalar(value) else {
                throw ArchiveFault("an escape is not of four digits")
            }
            position += 4
            return scalar
        default: throw ArchiveFault("an escape is unknown")
        }
    }

    mutating func value(depth: Int = 0) throws(ArchiveFault) -> Value {
        guard depth < Self.maximumDepth else { throw ArchiveFault("values are nested too deep") }
        switch rest.first {
        case UInt8(ascii: "\""): return Value(type: .string, content: Self.textContent(try quoted()))
        case UInt8(ascii: "{"): return try document(depth)
        case UInt8(ascii: "["): return try list(depth)
        case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
            return Value(.int32(try integer(Int32.self)))
        default: break
        }
        if take("true") { return Value(.bool(true)) }
        if take("false") { return Value(.bool(false)) }
        if take("nothing") { return Value(.null) }
        if take("undefined") { return Value(.undefined) }
        guard take("the ") else { throw ArchiveFault("a value is missing at \(place)") }
        if take("raw value of type ") { return try raw() }
        return try named()
    }

    private mutating func document(_ depth: Int) throws(ArchiveFault) -> Value {
        try expect("{")
        var writer = BSONWriter()
        while !take("}") {
            if !writer.isEmpty { try expect(", ") }
            let key = try key()
            try expect(" is ")
            let value = try value(depth: depth + 1)
            try writer.append(value, key)
        }
        return Value(type: .document, content: writer.finished())
    }

    private mutating func list(_ depth: Int) throws(ArchiveFault) -> Value {
        try expect("[")
        var writer = BSONWriter()
        var count = 0
        while !take("]") {
            if count > 0 { try expect(", ") }
            try writer.append(try value(depth: depth + 1), Array(String(count).utf8))
            count += 1
        }
        return Value(type: .array, content: writer.finished())
    }

    /// The bytes are held against BSON's form where the document that they become a part of is whole.
    private mutating func raw() throws(ArchiveFault) -> Value {
        let number = try integer(UInt8.self)
        guard let type = BSONType(rawValue: number) else { throw ArchiveFault("\(number) is not a type of BSON") }
        try expect(": ")
        return Value(type: type, content: try hexadecimal())
    }

    /// What follows `the `.
    private mutating func named() throws(ArchiveFault) -> Value {
        if take("decimal ") { return try decimal() }
        if take("long number ") { return Value(.int64(try integer(Int64.self))) }
        if take("number ") { return try double() }
        if take("moment ") { return try moment() }
        if take("object id ") { return Value(.objectID(try objectID())) }
        if take("bytes ") { return try binary() }
        if take("symbol ") { return Value(type: .symbol, content: Self.textContent(try quoted())) }
        if take("code ") { return Value(type: .javaScript, content: Self.textContent(try quoted())) }
        if take("server time ") {
            let seconds = try integer(UInt32.self)
            try expect(", ")
            return Value(.timestamp(seconds: seconds, increment: try integer(UInt32.self)))
        }
        if take("regular expression ") {
            let pattern = try quoted()
            try expect(" with the options ")
            let options = try quoted()
            guard !pattern.contains(0), !options.contains(0) else { throw ArchiveFault("a pattern holds a zero byte") }
            return Value(type: .regularExpression, content: pattern + [0] + options + [0])
        }
        if take("pointer to ") {
            let namespace = try quoted()
            try expect(" with the object id ")
            return Value(
                type: .databasePointer, content: Self.textContent(namespace) + (try objectID().bytes))
        }
        if take("lowest key") { return Value(.minKey) }
        if take("highest key") { return Value(.maxKey) }
        throw ArchiveFault("a value is unknown: \(place)")
    }

    /// A number's text: it may end with the sentence's full stop, which isn't a part of it.
    private mutating func numberWord() -> String {
        let isPart: (UInt8) -> Bool = {
            KeyText.isWordByte($0) || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
        }
        var text = word(isPart)
        if text.utf8.last == UInt8(ascii: ".") {
            text.removeLast()
            position -= 1
        }
        return text
    }

    private mutating func decimal() throws(ArchiveFault) -> Value {
        let text = numberWord()
        guard let number = DecimalText.value(text) else { throw ArchiveFault("\"\(text)\" is not a decimal") }
        return Value(.decimal128(number))
    }

    private mutating func double() throws(ArchiveFault) -> Value {
        let text = numberWord()
        if text == "NaN" { return Value(.double(.nan)) }
        guard let number = Double(text) else { throw ArchiveFault("\"\(text)\" is not a number") }
        return Value(.double(number))
    }

    private mutating func moment() throws(ArchiveFault) -> Value {
        let text = String(decoding: rest.prefix(30), as: UTF8.self)
        if let milliseconds = MomentText.milliseconds(text) {
            position += 30
            return Value(.date(milliseconds: milliseconds))
        }
        let milliseconds = try integer(Int64.self)
        try expect(" ms after 1970")
        return Value(.date(milliseconds: milliseconds))
    }

    private mutating func objectID() throws(ArchiveFault) -> BSONObjectID {
        let digits = rest.prefix(24).compactMap(Hexadecimal.value)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        guard digits.count == 24, let id = BSONObjectID(bytes) else {
            throw ArchiveFault("an object id is not of 24 digits")
        }
        position += 24
        return id
    }

    private mutating func binary() throws(ArchiveFault) -> Value {
        let text = try text()
        guard let data = Data(base64Encoded: text) else { throw ArchiveFault("bytes are not in base64") }
        let subtype = take(" of subtype ") ? try integer(UInt8.self) : 0
        return Value(.binary(BSONBinary(Array(data), subtype: subtype)))
    }

    private static func textContent(_ text: [UInt8]) -> [UInt8] {
        let count = UInt32(text.count + 1)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + text + [0]
    }
}

extension ValueReader.Value {
    init(_ value: BSONValue) {
        var writer = BSONWriter()
        writer.append(value, forKey: "")
        let document = writer.finished()
        var reader = BSONReader(document[...])
        // It was just written.
        let element = reader.next()
        self.init(type: element?.type ?? .null, content: Array(element?.content ?? []))
    }
}

extension BSONWriter {
    /// Throws where the key holds a zero byte, which would end it.
    mutating func append(_ value: ValueReader.Value, _ key: [UInt8]) throws(ArchiveFault) {
        guard !key.contains(0) else { throw ArchiveFault("a name holds a zero byte") }
        appendHead(value.type, keyBytes: key[...])
        appendRaw(value.content)
    }
}
