/// A document's members.
struct BSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let owner: BSONEncoding

    init(_ owner: BSONEncoding) { self.owner = owner }

    var codingPath: [any CodingKey] { owner.codingPath }

    func encodeNil(forKey key: Key) throws { try owner.append(.null, key) }
    func encode(_ value: Bool, forKey key: Key) throws { try owner.append(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) throws { try owner.append(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) throws { try owner.append(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) throws { try owner.append(.double(Double(value)), key) }
    func encode(_ value: Int, forKey key: Key) throws { try owner.append(.int64(Int64(value)), key) }
    func encode(_ value: Int32, forKey key: Key) throws { try owner.append(.int32(value), key) }
    func encode(_ value: Int64, forKey key: Key) throws { try owner.append(.int64(value), key) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try owner.append(value, key) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        superEncoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        superEncoder(forKey: key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { owner.nested(BSONKey(stringValue: "super")) }

    func superEncoder(forKey key: Key) -> any Encoder { owner.nested(key) }
}

/// A list's elements.
struct BSONUnkeyedEncoding: UnkeyedEncodingContainer {
    private let owner: BSONEncoding

    init(_ owner: BSONEncoding) { self.owner = owner }

    var codingPath: [any CodingKey] { owner.codingPath }
    var count: Int { owner.count }

    func encodeNil() throws { try owner.append(.null, nil) }
    func encode(_ value: Bool) throws { try owner.append(.bool(value), nil) }
    func encode(_ value: String) throws { try owner.append(.string(value), nil) }
    func encode(_ value: Double) throws { try owner.append(.double(value), nil) }
    func encode(_ value: Int) throws { try owner.append(.int64(Int64(value)), nil) }
    func encode(_ value: some Encodable) throws { try owner.append(value, nil) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        superEncoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { superEncoder().unkeyedContainer() }

    func superEncoder() -> any Encoder { owner.nested(nil) }
}

/// A value that is neither. Everything narrow or unsigned comes here to find its width.
struct BSONSingleValueEncoding: SingleValueEncodingContainer {
    private let owner: BSONEncoding

    init(_ owner: BSONEncoding) { self.owner = owner }

    var codingPath: [any CodingKey] { owner.codingPath }

    func encodeNil() { owner.write(.null) }
    func encode(_ value: Bool) { owner.write(.bool(value)) }
    func encode(_ value: String) { owner.write(.string(value)) }
    func encode(_ value: Double) { owner.write(.double(value)) }
    func encode(_ value: Float) { owner.write(.double(Double(value))) }
    func encode(_ value: Int) { owner.write(.int64(Int64(value))) }
    func encode(_ value: Int8) { owner.write(.int32(Int32(value))) }
    func encode(_ value: Int16) { owner.write(.int32(Int32(value))) }
    func encode(_ value: Int32) { owner.write(.int32(value)) }
    func encode(_ value: Int64) { owner.write(.int64(value)) }
    func encode(_ value: UInt) throws { try encode(UInt64(value)) }
    func encode(_ value: UInt8) { owner.write(.int32(Int32(value))) }
    func encode(_ value: UInt16) { owner.write(.int32(Int32(value))) }
    func encode(_ value: UInt32) { owner.write(.int64(Int64(value))) }

    func encode(_ value: UInt64) throws {
        guard let number = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "BSON has no number as large as \(value)"))
        }
        owner.write(.int64(number))
    }

    func encode(_ value: some Encodable) throws { try owner.write(value) }
}
