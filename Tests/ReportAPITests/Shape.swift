import KubernetesModel
import ReportAPI

/// What a type asks of its decoder: the manifest that it understands.
indirect enum Shape: Equatable {
    case string
    case enumeration([String])
    case timestamp
    case duration
    case boolean
    case integer
    case number
    /// Decoded without a look at it.
    case any
    case array(Shape)
    case map(Shape)
    case object([String: Property])

    struct Property: Equatable {
        var shape: Shape
        var isRequired: Bool
    }

    init<T: Decodable>(of type: T.Type) throws {
        self = try ShapeRecorder.record(type).shape
    }
}

/// A decoder that has no input: it makes a value up for every key that it is asked for, and remembers the keys.
final class ShapeRecorder: Decoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    var shape = Shape.any

    private init() {}

    static func record<T: Decodable>(_ type: T.Type) throws -> (value: T, shape: Shape) {
        if let value = JSONValue.null as? T { return (value, .any) }
        if let value = ObjectMeta(name: "a") as? T { return (value, .any) }
        if let value = Timestamp(seconds: 0) as? T { return (value, .timestamp) }
        if let value = ReportDuration("1s") as? T { return (value, .duration) }
        if let cases = type as? any CaseIterable.Type, let (first, words) = words(of: cases), let value = first as? T {
            return (value, .enumeration(words))
        }
        let recorder = ShapeRecorder()
        let value = try T(from: recorder)
        return (value, recorder.shape)
    }

    private static func words<E: CaseIterable>(of type: E.Type) -> (first: E, words: [String])? {
        guard let first = type.allCases.first else { return nil }
        return (first, type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String })
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        shape = .object([:])
        return KeyedDecodingContainer(KeyedRecorder<Key>(recorder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { UnkeyedRecorder(recorder: self) }

    func singleValueContainer() -> any SingleValueDecodingContainer { SingleValueRecorder(recorder: self) }
}

private struct KeyedRecorder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let recorder: ShapeRecorder
    let codingPath: [any CodingKey] = []

    /// Only a dictionary asks; it finds one entry, and its value's shape becomes the map's.
    var allKeys: [Key] { Key(stringValue: "*").map { [$0] } ?? [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try record(type, forKey: key, isRequired: true)
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try record(type, forKey: key, isRequired: false)
    }

    // Each of these has a default that would call `contains` and `decode`, and so make the key a required one.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try record(type, forKey: key, isRequired: false)
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try record(type, forKey: key, isRequired: false)
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try record(type, forKey: key, isRequired: false)
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try record(type, forKey: key, isRequired: false)
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try record(type, forKey: key, isRequired: false)
    }

    private func record<T: Decodable>(_ type: T.Type, forKey key: Key, isRequired: Bool) throws -> T {
        let (value, shape) = try ShapeRecorder.record(type)
        if key.stringValue == "*" {
            recorder.shape = .map(shape)
        } else if case .object(var properties) = recorder.shape {
            properties[key.stringValue] = Shape.Property(shape: shape, isRequired: isRequired)
            recorder.shape = .object(properties)
        }
        return value
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> { throw NotRecorded() }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw NotRecorded() }
    func superDecoder() throws -> any Decoder { throw NotRecorded() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw NotRecorded() }
}

/// A list of one element.
private struct UnkeyedRecorder: UnkeyedDecodingContainer {
    let recorder: ShapeRecorder
    let codingPath: [any CodingKey] = []
    let count: Int? = 1
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex == 1 }

    init(recorder: ShapeRecorder) { self.recorder = recorder }

    mutating func decodeNil() -> Bool { false }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (value, shape) = try ShapeRecorder.record(type)
        recorder.shape = .array(shape)
        currentIndex = 1
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> { throw NotRecorded() }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NotRecorded() }
    mutating func superDecoder() throws -> any Decoder { throw NotRecorded() }
}

private struct SingleValueRecorder: SingleValueDecodingContainer {
    let recorder: ShapeRecorder
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool { false }

    func decode(_ type: Bool.Type) -> Bool { note(.boolean, true) }
    func decode(_ type: String.Type) -> String { note(.string, "text") }
    func decode(_ type: Double.Type) -> Double { note(.number, 1) }
    func decode(_ type: Int.Type) -> Int { note(.integer, 1) }
    func decode(_ type: Int64.Type) -> Int64 { note(.integer, 1) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (value, shape) = try ShapeRecorder.record(type)
        return note(shape, value)
    }

    private func note<T>(_ shape: Shape, _ value: T) -> T {
        recorder.shape = shape
        return value
    }
}

/// A way of decoding that none of the API's types uses.
private struct NotRecorded: Error {}
