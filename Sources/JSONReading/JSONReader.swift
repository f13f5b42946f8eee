public import FoundationEssentials

/// Reads JSON that somebody else wrote.
///
/// Strictly RFC 8259, in time that is linear in the bytes whatever their shape, and without recursion: nothing that can be
/// sent costs more than its length. For example:
///
///     let job = try JSONReader().decode(Job.self, from: data)
///
/// What a type doesn't ask for is read and passed over, at any depth. Throws `JSONError` where the bytes are no JSON, and
/// `DecodingError` where they aren't what the type wants.
public struct JSONReader: Sendable {
    /// How many levels of arrays and objects a `JSONValue`, which takes whatever comes, may have: in what passes through from
    /// people to pods.
    public static let valueDepth = 64
    /// How many values and keys the `JSONValue`s of one object may have together. To build them costs up to 0.15 microseconds
    /// each, ten times as much as to read them, and no manifest comes close to it.
    public static let valueNodes = 50_000
    /// How many lists and objects that aren't empty these values may have whatever their length, which may have one more for each
    /// `containerBytes` bytes. Each takes about a hundred bytes of memory and the time to read twenty, and what people and
    /// programs write has one for twenty bytes or more, even at its densest.
    static let containers = 1000
    static let containerBytes = 20
    /// How many elements the lists and dictionaries of other types than texts, numbers and such values may have whatever their
    /// length, which may have one more for each `elementBytes` bytes. To make one costs up to a microsecond, however empty it is, and
    /// what people and programs write has at most hundreds in one object.
    static let elements = 500
    static let elementBytes = 56
    /// How many members one object may have that is read into a dictionary or a type. Beyond that a member costs twice as much, since
    /// no cache holds so large a table; the API server's limits leave room for fewer in whatever people write.
    static let members = 16_000
    /// How many objects a server's list may have besides one for each `listedBytes` bytes: none that a server keeps is as short
    /// as that, with its name, uid, version and time, and each costs what it takes to say that it can't be read.
    static let listed = 50
    static let listedBytes = 128
    /// What is kept for reading: types have their own levels around the values in them.
    static let keptDepth = 128

    /// The most bytes that are read.
    private let maximumBytes: Int
    /// How many levels a `JSONValue` may have.
    private let maximumDepth: Int
    /// What is too deep for a value, or one list or object too many, is replaced by a sentence that says so, instead of being an error.
    private let replacesDeepValues: Bool
    /// The longest key of a dictionary that may have other characters than ASCII's, in bytes.
    private let otherKeyBytes: Int

    /// `maximumDepth` is 120 at the most, since types have levels of their own.
    public init(maximumBytes: Int = 256 << 20, maximumDepth: Int = Self.valueDepth) {
        self.init(maximumBytes: maximumBytes, maximumDepth: maximumDepth, replacesDeepValues: false, otherKeyBytes: 0)
    }

    private init(maximumBytes: Int, maximumDepth: Int, replacesDeepValues: Bool, otherKeyBytes: Int) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
        self.replacesDeepValues = replacesDeepValues
        self.otherKeyBytes = otherKeyBytes
    }

    /// For what people look at: whole objects, where a sentence replaces what is too deep and the lists and objects that are too
    /// many, and keys may be of any characters if they are short.
    public static var forPeople: JSONReader {
        JSONReader(maximumBytes: 256 << 20, maximumDepth: 120, replacesDeepValues: true, otherKeyBytes: 128)
    }

    public func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try data.withUnsafeBytes { try decode(type, from: $0) }
    }

    public func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        var text = text
        return try text.withUTF8 { try decode(type, from: UnsafeRawBufferPointer($0)) }
    }

    public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try bytes.withUnsafeBytes { try decode(type, from: $0) }
    }

    public func decode<Value: Decodable>(_ type: Value.Type, from bytes: UnsafeRawBufferPointer) throws -> Value {
        var parser = try parser(over: bytes)
        let document = try parser.document()
        try parser.expectEnd()
        adjust(document)
        return try JSONNodeDecoder(document, 0).decode(type)
    }

    /// Reads an object one member of which is a long list of objects, one at a time: so that a page of a list never
    /// costs more memory than its largest object, and that what is wrong with one object is its alone.
    ///
    /// No server sends a list of anything else: an element that isn't an object makes the whole a `JSONError`. `member` gets every member but the list called `name`, and that too where it isn't a list. No decoder is good for
    /// anything after its call.
    public func readList(
        _ name: StaticString,
        in data: Data,
        member: (_ name: String, any Decoder) throws -> Void,
        element: (any Decoder) throws -> Void
    ) throws {
        try data.withUnsafeBytes { bytes in
            var parser = try parser(over: bytes)
            let name = String(describing: name)
            let allowed = Self.listed + bytes.count / Self.listedBytes
            var count = 0
            try parser.members { (key, parser) in
                guard key == name, try parser.peek() == UInt8(ascii: "[") else {
                    return try member(key, JSONNodeDecoder(parser.document(), 0))
                }
                try parser.elements { parser in
                    count += 1
                    guard count <= allowed else {
                        throw JSONError(.tooMany(bytes: bytes.count, allowed: allowed), at: parser.position)
                    }
                    guard try parser.peek() == UInt8(ascii: "{") else {
                        throw JSONError(.syntax(expected: "an object"), at: parser.position)
                    }
                    let document = try parser.document()
                    adjust(document)
                    try element(JSONNodeDecoder(document, 0))
                }
            }
            try parser.expectEnd()
        }
    }

    /// How many elements of other types a value of that length may have.
    static func elements(inBytes bytes: Int) -> Int { elements + bytes / elementBytes }

    private func adjust(_ document: JSONDocument) {
        document.maximumDepth = maximumDepth
        document.replacesDeepValues = replacesDeepValues
        document.otherKeyBytes = otherKeyBytes
    }

    private func parser(over bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONParser {
        guard bytes.count <= min(maximumBytes, Int(Int32.max)) else {
            throw JSONError(.tooLong(bytes: bytes.count, allowed: maximumBytes), at: 0)
        }
        guard let start = bytes.baseAddress, !bytes.isEmpty else { throw JSONError(.unfinished, at: 0) }
        return JSONParser(
            start.assumingMemoryBound(to: UInt8.self), count: bytes.count, keptDepth: JSONReader.keptDepth)
    }
}

extension JSONParser {
    mutating func expectEnd() throws(JSONError) {
        skipSpace()
        if position < end { throw JSONError(.syntax(expected: "nothing after the value"), at: position) }
    }

    /// Reads an object; `read` reads each value.
    mutating func members(_ read: (String, inout JSONParser) throws -> Void) throws {
        try items(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { parser in
            guard try parser.peek() == UInt8(ascii: "\"") else {
                throw JSONError(.syntax(expected: "a key in quotes"), at: parser.position)
            }
            let document = try parser.document()
            parser.skipSpace()
            guard try parser.peek() == UInt8(ascii: ":") else {
                throw JSONError(.syntax(expected: "a colon"), at: parser.position)
            }
            parser.position += 1
            parser.skipSpace()
            try read(document.string(0), &parser)
        }
    }

    /// Reads an array; `read` reads each element.
    mutating func elements(_ read: (inout JSONParser) throws -> Void) throws {
        try items(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), read)
    }

    private mutating func items(from first: UInt8, to last: UInt8, _ read: (inout JSONParser) throws -> Void) throws {
        skipSpace()
        guard try peek() == first else {
            throw JSONError(.syntax(expected: String(Unicode.Scalar(first))), at: position)
        }
        position += 1
        skipSpace()
        if try peek() == last {
            position += 1
            return
        }
        while true {
            skipSpace()
            try read(&self)
            skipSpace()
            let byte = try peek()
            guard byte == UInt8(ascii: ",") || byte == last else {
                throw JSONError(.syntax(expected: "a comma or \(Unicode.Scalar(last))"), at: position)
            }
            position += 1
            if byte == last { return }
        }
    }
}
