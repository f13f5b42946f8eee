/// Decodes from one node of a document.
///
/// `JSONValue` recognises it and takes its value as it stands (`JSONTree`), since Codable would have it try one type
/// after the other.
public struct JSONNodeDecoder: Decoder {
    let document: JSONDocument
    let index: Int

    init(_ document: JSONDocument, _ index: Int) {
        self.document = document
        self.index = index
    }

    var node: JSONNode { document.nodes[index] }

    /// Found by walking the document: for errors.
    public var codingPath: [any CodingKey] { document.path(to: index) }
    public var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// How many bytes the value takes.
    public var byteCount: Int { Int(node.length) }

    public func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard node.kind == .object else { throw mismatch([String: Any].self) }
        return try KeyedDecodingContainer(JSONKeyedContainer<Key>(self))
    }

    public func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard node.kind == .array else { throw mismatch([Any].self) }
        return JSONUnkeyedContainer(self)
    }

    public func singleValueContainer() -> any SingleValueDecodingContainer { JSONSingleContainer(decoder: self) }

    // MARK: Values

    var isNull: Bool { node.kind == .null }

    func bool() throws -> Bool {
        switch node.kind {
        case .true: true
        case .false: false
        case .null, .number, .string, .escaped, .array, .object, .buried: throw mismatch(Bool.self)
        }
    }

    func string() throws -> String {
        guard document.isString(index) else { throw mismatch(String.self) }
        return document.string(index)
    }

    func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        guard node.kind == .number else { throw mismatch(type) }
        let text = document.text(index)
        if let small = JSONNumber.integer(text) {
            if let value = Value(exactly: small) { return value }
        } else if let value = Value(String(decoding: text, as: UTF8.self))
            // As the servers read it, 1.0 is a whole number too.
            ?? JSONNumber.double(text).flatMap({ Value(exactly: $0) })
        {
            return value
        }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath,
                debugDescription: "the number is not a whole one from \(Value.min) to \(Value.max)"))
    }

    func double() throws -> Double {
        guard node.kind == .number else { throw mismatch(Double.self) }
        guard let value = JSONNumber.double(document.text(index)), value.isFinite else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "the number is too great"))
        }
        return value
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        switch node.kind {
        case .array, .object: if let value = try collection(type) { return value }
        case .null, .true, .false, .number, .string, .escaped, .buried: break
        }
        return try Value(from: self)
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        let found =
            switch node.kind {
            case .null: "null"
            case .true, .false: "true or false"
            case .number: "a number"
            case .string, .escaped: "a string"
            case .array: "a list"
            case .object: "an object"
            case .buried: "what is nested too deep to be read"
            }
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: "found \(found)")
        return isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }
}

/// A value alone.
struct JSONSingleContainer: SingleValueDecodingContainer {
    let decoder: JSONNodeDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }
    func decodeNil() -> Bool { decoder.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.string() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}
