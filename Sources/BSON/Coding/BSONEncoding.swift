extension BSONDocument {
    /// Encodes a value as `BSONEncoding` has it. Throws `EncodingError` where the value isn't a document, or BSON can't hold
    /// a part of it.
    ///
    /// `Int` and `Int64` become 64 bits wide, `Int32` and narrower 32; `Date` a date to the millisecond, `Data` and
    /// `[UInt8]` binary, `BSONDecimal128` a decimal number. Absent optionals leave no trace.
    package init(encoding value: some Encodable) throws {
        if let document = value as? BSONDocument {
            self = document
            return
        }
        let encoding = BSONEncoding(BSONOutput(), typePosition: nil, codingPath: [])
        try value.encode(to: encoding)
        let type = try encoding.finish()
        guard type == .document else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "\(type.name) is not a document"))
        }
        self.init(trusting: encoding.output.writer.bytes)
    }
}

/// What is written so far, by all that write it.
final class BSONOutput {
    var writer = BSONWriter.bare
}

/// Writes one value at the end of the output.
final class BSONEncoding: Encoder {
    let output: BSONOutput
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Where the byte of its type is; nil for what is alone.
    private let typePosition: Int?
    private var type: BSONType?
    /// Where a document or list begins.
    private var start = 0
    private(set) var count = 0
    private var fault: (any Error)?
    /// Nested containers that are still open, and all that came after the first of them: written at the end.
    private var postponed: [(key: String, value: BSONEncoding)] = []

    init(_ output: BSONOutput, typePosition: Int?, codingPath: [any CodingKey]) {
        self.output = output
        self.typePosition = typePosition
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        begin(.document)
        return KeyedEncodingContainer(BSONKeyedEncoding(self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        begin(.array)
        return BSONUnkeyedEncoding(self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { BSONSingleValueEncoding(self) }

    private func begin(_ type: BSONType) {
        precondition(self.type == nil || self.type == type, "A value is encoded as two things")
        guard self.type == nil else { return }
        setType(type)
        start = output.writer.begin()
    }

    private func setType(_ type: BSONType) {
        self.type = type
        if let typePosition { output.writer.setType(type, at: typePosition) }
    }

    /// Closes what is open; returns what was written.
    func finish() throws -> BSONType {
        if let fault { throw fault }
        guard let type else {
            throw EncodingError.invalidValue(
                (), .init(codingPath: codingPath, debugDescription: "The value encoded nothing"))
        }
        guard type == .document || type == .array else { return type }
        for (key, value) in postponed {
            output.writer.appendHead(try value.finish(), key: key)
            output.writer.appendRaw(value.output.writer.bytes)
        }
        postponed = []
        output.writer.end(start)
        return type
    }

    /// Writes this value, which is not a document or list of our own making.
    func write(_ value: BSONValue) {
        precondition(type == nil, "A value is encoded as two things")
        setType(value.type)
        output.writer.appendContent(value)
    }

    func write(_ value: some Encodable) throws {
        if let direct = value as? any BSONConvertible {
            write(try direct.bsonValue(at: codingPath))
        } else {
            try value.encode(to: self)
        }
    }

    /// Writes an element of this document or list; nil: the next of a list.
    func append(_ value: BSONValue, _ key: (any CodingKey)?) throws {
        if postponed.isEmpty {
            output.writer.append(value, forKey: try text(of: key))
        } else {
            try postpone(key).write(value)
        }
    }

    func append(_ value: some Encodable, _ key: (any CodingKey)?) throws {
        if let direct = value as? any BSONConvertible {
            return try append(try direct.bsonValue(at: path(key)), key)
        }
        guard postponed.isEmpty else { return try postpone(key).write(value) }
        let path = path(key)
        let position = output.writer.appendHead(.null, key: try text(of: key))
        let element = BSONEncoding(output, typePosition: position, codingPath: path)
        try value.encode(to: element)
        _ = try element.finish()
    }

    /// For containers that can't throw: a key that can't be written fails the whole value at its end.
    func nested(_ key: (any CodingKey)?) -> BSONEncoding {
        do {
            return try postpone(key)
        } catch {
            fault = fault ?? error
            return BSONEncoding(BSONOutput(), typePosition: nil, codingPath: path(key))
        }
    }

    /// An element that is written while others may be.
    private func postpone(_ key: (any CodingKey)?) throws -> BSONEncoding {
        let path = path(key)
        let element = BSONEncoding(BSONOutput(), typePosition: nil, codingPath: path)
        postponed.append((try text(of: key), element))
        return element
    }

    private func path(_ key: (any CodingKey)?) -> [any CodingKey] { codingPath + [key ?? BSONKey(count)] }

    private func text(of key: (any CodingKey)?) throws -> String {
        defer { count += 1 }
        guard let key else { return String(count) }
        let text = key.stringValue
        guard !text.utf8.contains(0) else {
            throw EncodingError.invalidValue(
                text, .init(codingPath: codingPath, debugDescription: "A key of a document can't hold a zero byte"))
        }
        return text
    }
}

/// The position of an element in a list.
struct BSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ index: Int) {
        stringValue = "\(index)"
        intValue = index
    }

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) { self.init(intValue) }
}
