/// Decodes one node; also the container for a single value.
struct YAMLNodeDecoder: Decoder, SingleValueDecodingContainer {
    let node: YAMLNode
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ node: YAMLNode, _ codingPath: [any CodingKey]) {
        self.node = node
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .mapping(let members) = node.content else { throw mismatch("an object") }
        return KeyedDecodingContainer(YAMLKeyedDecoding(members, of: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .sequence(let elements) = node.content else { throw mismatch("a list") }
        return YAMLUnkeyedDecoding(elements, of: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool {
        if case .scalar(.null) = node.content { true } else { false }
    }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .scalar(.bool(let value)) = node.content else { throw mismatch("a boolean") }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .scalar(.string(let value)) = node.content else { throw mismatch("text") }
        return value
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard case .scalar(let scalar) = node.content else { throw mismatch("a number") }
        switch scalar {
        case .number(let value, _): return value
        case .integer(let value): return Double(value)
        case .unsigned(let value): return Double(value)
        case .null, .bool, .string: throw mismatch("a number")
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

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        guard case .scalar(let scalar) = node.content else { throw mismatch("a whole number") }
        let value: Value? =
            switch scalar {
            case .integer(let value): Value(exactly: value)
            case .unsigned(let value): Value(exactly: value)
            case .number(let value, _): Value(exactly: value)
            case .null, .bool, .string: nil
            }
        guard let value else { throw mismatch("a whole number of \(Value.min)...\(Value.max)") }
        return value
    }

    private func mismatch(_ expected: String) -> YAMLError {
        let found: String
        switch node.content {
        case .scalar(let scalar): found = scalar.kind
        case .sequence: found = "a list"
        case .mapping: found = "an object"
        }
        let hint = if expected == "text", case .scalar = node.content { "; quote it" } else { "" }
        return YAMLError(
            "\(found) where \(expected) should be\(hint)",
            line: node.mark.line,
            column: node.mark.column,
            path: YAMLError.path(codingPath)
        )
    }
}

/// The position of an element in a list, or the name of a member in general.
struct YAMLKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(index: Int) {
        stringValue = "\(index)"
        intValue = index
    }

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) { self.init(index: intValue) }
}
