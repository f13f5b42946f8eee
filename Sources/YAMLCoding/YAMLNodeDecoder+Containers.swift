/// A mapping's members.
struct YAMLKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let owner: YAMLNodeDecoder
    private let members: [(key: String, value: YAMLNode)]

    init(_ members: [(key: String, value: YAMLNode)], of owner: YAMLNodeDecoder) {
        self.members = members
        self.owner = owner
    }

    var codingPath: [any CodingKey] { owner.codingPath }

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { node(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(from: decoder(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { owner }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    // Mappings are small, so looking through them beats hashing them.
    private func node(_ key: Key) -> YAMLNode? { members.first { $0.key == key.stringValue }?.value }

    private func decoder(_ key: Key) throws -> YAMLNodeDecoder {
        guard let node = node(key) else {
            throw YAMLError(
                "the field \(key.stringValue) is missing",
                line: owner.node.mark.line,
                column: owner.node.mark.column,
                path: YAMLError.path(codingPath)
            )
        }
        return YAMLNodeDecoder(node, codingPath + [key])
    }
}

/// A sequence's elements.
struct YAMLUnkeyedDecoding: UnkeyedDecodingContainer {
    private let owner: YAMLNodeDecoder
    private let elements: [YAMLNode]
    private(set) var currentIndex = 0

    init(_ elements: [YAMLNode], of owner: YAMLNodeDecoder) {
        self.elements = elements
        self.owner = owner
    }

    var codingPath: [any CodingKey] { owner.codingPath }

    var count: Int? { elements.count }

    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        let isNil = try decoder().decodeNil()
        if isNil { currentIndex += 1 }
        return isNil
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try Value(from: decoder())
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try decoder().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try decoder().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try decoder()
        currentIndex += 1
        return decoder
    }

    private func decoder() throws -> YAMLNodeDecoder {
        guard !isAtEnd else {
            throw YAMLError(
                "the list has only \(elements.count) elements",
                line: owner.node.mark.line,
                column: owner.node.mark.column,
                path: YAMLError.path(codingPath)
            )
        }
        return YAMLNodeDecoder(elements[currentIndex], codingPath + [YAMLKey(index: currentIndex)])
    }
}
