/// A document's members.
struct BSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let owner: BSONDecoding
    private let members: [BSONReader.Element]

    init(_ members: [BSONReader.Element], of owner: BSONDecoding) {
        self.members = members
        self.owner = owner
    }

    var codingPath: [any CodingKey] { owner.codingPath }

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { member(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoding(key).isNil }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoding(key).value(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoding(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoding(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoding(BSONKey(stringValue: "super")) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoding(key) }

    // Documents are small, so looking through them beats hashing them.
    private func member(_ key: any CodingKey) -> BSONReader.Element? { members.first { $0.key == key.stringValue } }

    private func decoding(_ key: any CodingKey) throws -> BSONDecoding {
        guard let member = member(key) else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "missing"))
        }
        return BSONDecoding(member, codingPath: codingPath + [key])
    }
}

/// A list's elements.
struct BSONUnkeyedDecoding: UnkeyedDecodingContainer {
    private let owner: BSONDecoding
    private let elements: [BSONReader.Element]
    private(set) var currentIndex = 0

    init(_ elements: [BSONReader.Element], of owner: BSONDecoding) {
        self.elements = elements
        self.owner = owner
    }

    var codingPath: [any CodingKey] { owner.codingPath }

    var count: Int? { elements.count }

    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        let isNil = try decoding().isNil
        if isNil { currentIndex += 1 }
        return isNil
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try decoding().value(type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try decoding().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try decoding().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoding = try decoding()
        currentIndex += 1
        return decoding
    }

    private func decoding() throws -> BSONDecoding {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                BSONValue.self,
                .init(codingPath: codingPath, debugDescription: "the list has only \(elements.count) elements"))
        }
        return BSONDecoding(elements[currentIndex], codingPath: codingPath + [BSONKey(currentIndex)])
    }
}
