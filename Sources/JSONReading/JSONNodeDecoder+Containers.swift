/// An object's members by their keys.
struct JSONKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: JSONNodeDecoder
    /// Where each value is, in an object of many members: looking through all of them for each key would cost the square.
    private let values: [String: Int]?

    private var document: JSONDocument { decoder.document }

    init(_ decoder: JSONNodeDecoder) throws {
        self.decoder = decoder
        let document = decoder.document
        let count = try document.members(decoder.index)
        guard count > 32 else {
            values = nil
            return
        }
        var values = [String: Int](minimumCapacity: count)
        Self.forEach(decoder) { index in
            if let name = document.dictionaryKey(index) { values[name] = index + 1 }
        }
        self.values = values
    }

    private static func forEach(_ decoder: JSONNodeDecoder, _ body: (Int) -> Void) {
        var key = decoder.index + 1
        while key < decoder.node.next {
            body(key)
            key = Int(decoder.document.nodes[key + 1].next)
        }
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] {
        var keys: [Key] = []
        Self.forEach(decoder) { index in
            let name = document.dictionaryKey(index) ?? "\(Self.fault)\(index)"
            if let key = Key(stringValue: name) { keys.append(key) }
        }
        return keys
    }

    private func find(_ key: Key) -> JSONNodeDecoder? {
        let index: Int? =
            if let values { values[key.stringValue] } else { document.member(key.stringValue, of: decoder.index) }
        return index.map { JSONNodeDecoder(document, $0) }
    }

    /// Before the number of a key that may not be one. A dictionary asks for the value of each key, and is told then.
    private static var fault: String { "\u{0}not ASCII " }

    private func value(_ key: Key) throws -> JSONNodeDecoder {
        guard let value = find(key) else {
            if key.stringValue.hasPrefix(Self.fault), let index = Int(key.stringValue.dropFirst(Self.fault.count)) {
                throw document.keyFault(index)
            }
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "is required"))
        }
        return value
    }

    /// nil where there is none, or null.
    private func present(_ key: Key) -> JSONNodeDecoder? {
        guard let value = find(key), !value.isNull else { return nil }
        return value
    }

    func contains(_ key: Key) -> Bool { find(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNull }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try value(key).double()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).integer(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).integer(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).integer(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).integer(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).integer(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).integer(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).integer(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).integer(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).integer(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try value(key).decode(type)
    }

    // One look for the key instead of three.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try present(key)?.bool() }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try present(key)?.string() }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key)?.integer(type) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try present(key)?.integer(type) }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try present(key)?.decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try value(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
}

/// An array's elements, one after the other. An element that doesn't decode is not passed over.
struct JSONUnkeyedContainer: UnkeyedDecodingContainer {
    private let decoder: JSONNodeDecoder
    private var next: Int
    private(set) var currentIndex = 0
    let count: Int?

    init(_ decoder: JSONNodeDecoder) {
        self.decoder = decoder
        next = decoder.index + 1
        count = decoder.document.count(decoder.index)
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var isAtEnd: Bool { next >= decoder.node.next }

    private mutating func take<Value>(
        _ type: Any.Type, _ read: (JSONNodeDecoder) throws -> Value
    ) throws -> Value {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                type, .init(codingPath: codingPath, debugDescription: "the list has \(currentIndex) elements"))
        }
        let value = try read(JSONNodeDecoder(decoder.document, next))
        next = Int(decoder.document.nodes[next].next)
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, JSONNodeDecoder(decoder.document, next).isNull else { return false }
        return try take(Bool.self) { $0.isNull }
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try take(type) { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try take(type) { try $0.string() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try take(type) { try $0.double() } }
    mutating func decode(_ type: Float.Type) throws -> Float { try take(type) { Float(try $0.double()) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try take(type) { try $0.integer(type) } }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try take(type) { try $0.decode(type) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try take([String: Any].self) { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take([Any].self) { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try take((any Decoder).self) { $0 } }
}
