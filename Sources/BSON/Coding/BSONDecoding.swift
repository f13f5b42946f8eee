extension BSONDocument {
    /// Decodes a value: the inverse of `init(encoding:)`. Throws `DecodingError`.
    ///
    /// A whole number is read from either width where it fits, and never from a double.
    package func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try BSONDecoding(.document, bytes[...], codingPath: []).value(type)
    }
}

/// Reads one value.
struct BSONDecoding: Decoder, SingleValueDecodingContainer {
    private let element: BSONReader.Element
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ type: BSONType, _ content: ArraySlice<UInt8>, codingPath: [any CodingKey]) {
        self.init(BSONReader.Element(type: type, keyBytes: [], content: content), codingPath: codingPath)
    }

    init(_ element: BSONReader.Element, codingPath: [any CodingKey]) {
        self.element = element
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard element.type == .document else { throw mismatch([String: BSONValue].self, "a document") }
        return KeyedDecodingContainer(BSONKeyedDecoding(members, of: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard element.type == .array else { throw mismatch([BSONValue].self, "a list") }
        return BSONUnkeyedDecoding(members, of: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    private var members: [BSONReader.Element] {
        var reader = BSONReader(element.content)
        var members: [BSONReader.Element] = []
        while let member = reader.next() { members.append(member) }
        return members
    }

    var isNil: Bool { element.type == .null || element.type == .undefined }

    func decodeNil() -> Bool { isNil }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard element.type == .bool else { throw mismatch(type, "a truth value") }
        return element.content.first == 1
    }

    func decode(_ type: String.Type) throws -> String {
        guard element.type == .string else { throw mismatch(type, "text") }
        return element.text
    }

    func decode(_ type: Double.Type) throws -> Double {
        switch element.type {
        case .double: return Double(bitPattern: element.content.littleEndian())
        case .int32: return Double(element.content.littleEndian() as Int32)
        case .int64:
            if let value = Double(exactly: element.content.littleEndian() as Int64) { return value }
            fallthrough
        default: throw mismatch(type, "a number")
        }
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(type) }

    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard let direct = type as? any BSONConvertible.Type else { return try Value(from: self) }
        guard let value = direct.init(bsonValue: element.value) as? Value else {
            throw mismatch(type, "\(type)")
        }
        return value
    }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        let value: Value? =
            switch element.type {
            case .int32: Value(exactly: element.content.littleEndian() as Int32)
            case .int64: Value(exactly: element.content.littleEndian() as Int64)
            default: nil
            }
        guard let value else { throw mismatch(Value.self, "a whole number of \(Value.min)...\(Value.max)") }
        return value
    }

    private func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
        .typeMismatch(
            type, .init(codingPath: codingPath, debugDescription: "\(element.type.name) where \(expected) should be"))
    }
}
