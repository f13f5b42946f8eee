import FoundationEssentials

/// A place that a value is encoded into.
final class YAMLBox {
    enum Content {
        case nothing
        /// A number or a boolean, as it is to be written.
        case plain(String)
        case text(String)
        case sequence([YAMLBox])
        case mapping([String: YAMLBox])
    }

    var content = Content.nothing

    /// The new last element; makes this a list if it isn't one.
    func appended() -> YAMLBox {
        let box = YAMLBox()
        var elements: [YAMLBox] = if case .sequence(let elements) = content { elements } else { [] }
        // Let go of it first, or appending would copy it.
        content = .nothing
        elements.append(box)
        content = .sequence(elements)
        return box
    }

    /// The member of that name; makes this an object if it isn't one.
    func member(_ name: String) -> YAMLBox {
        var members: [String: YAMLBox] = if case .mapping(let members) = content { members } else { [:] }
        if let known = members[name] { return known }
        let box = YAMLBox()
        content = .nothing
        members[name] = box
        content = .mapping(members)
        return box
    }
}

/// Encodes one value into a box; also the container for a single value.
struct YAMLNodeEncoder: Encoder, SingleValueEncodingContainer {
    let box: YAMLBox
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ box: YAMLBox, _ codingPath: [any CodingKey]) {
        self.box = box
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .nothing = box.content { box.content = .mapping([:]) }
        return KeyedEncodingContainer(YAMLKeyedEncoding(self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .nothing = box.content { box.content = .sequence([]) }
        return YAMLUnkeyedEncoding(self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { box.content = .plain("null") }
    func encode(_ value: Bool) { box.content = .plain("\(value)") }
    func encode(_ value: String) { box.content = .text(value) }
    func encode(_ value: Float) { encode(Double(value)) }
    func encode(_ value: Int) { box.content = .plain("\(value)") }
    func encode(_ value: Int8) { box.content = .plain("\(value)") }
    func encode(_ value: Int16) { box.content = .plain("\(value)") }
    func encode(_ value: Int32) { box.content = .plain("\(value)") }
    func encode(_ value: Int64) { box.content = .plain("\(value)") }
    func encode(_ value: UInt) { box.content = .plain("\(value)") }
    func encode(_ value: UInt8) { box.content = .plain("\(value)") }
    func encode(_ value: UInt16) { box.content = .plain("\(value)") }
    func encode(_ value: UInt32) { box.content = .plain("\(value)") }
    func encode(_ value: UInt64) { box.content = .plain("\(value)") }

    func encode(_ value: Double) {
        let text =
            switch value {
            case .infinity: ".inf"
            case -.infinity: "-.inf"
            default: value.isNaN ? ".nan" : "\(value)"
            }
        box.content = .plain(text)
    }

    func encode(_ value: some Encodable) throws { try value.encode(to: self) }
}

/// An object's members.
private struct YAMLKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let owner: YAMLNodeEncoder

    init(_ owner: YAMLNodeEncoder) {
        self.owner = owner
    }

    var codingPath: [any CodingKey] { owner.codingPath }

    func encodeNil(forKey key: Key) { encoder(key).encodeNil() }

    func encode(_ value: some Encodable, forKey key: Key) throws { try value.encode(to: encoder(key)) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { owner }

    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: Key) -> YAMLNodeEncoder {
        YAMLNodeEncoder(owner.box.member(key.stringValue), codingPath + [key])
    }
}

/// A list's elements.
private struct YAMLUnkeyedEncoding: UnkeyedEncodingContainer {
    private let owner: YAMLNodeEncoder

    init(_ owner: YAMLNodeEncoder) {
        self.owner = owner
    }

    var codingPath: [any CodingKey] { owner.codingPath }

    var count: Int { if case .sequence(let elements) = owner.box.content { elements.count } else { 0 } }

    func encodeNil() { encoder().encodeNil() }

    func encode(_ value: some Encodable) throws { try value.encode(to: encoder()) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }

    func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> YAMLNodeEncoder {
        let index = count
        return YAMLNodeEncoder(owner.box.appended(), codingPath + [YAMLKey(index: index)])
    }
}
