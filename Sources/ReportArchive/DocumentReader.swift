import BSON

/// Reads the sentences of one document, the inverse of `DocumentText`.
struct DocumentReader {
    private let lines: [ArraySlice<UInt8>]
    private(set) var next = 0
    private let columns: [[UInt8]]
    /// Reads a chunk's bytes.
    private let bytes: ((String, Int) throws -> [UInt8])?
    /// The file beside the text that the chunk's bytes are in.
    private(set) var bytesFile: String?
    private static let maximumDepth = 200
    /// MongoDB takes no more than 16 MB.
    private static let largestChunk = 17 << 20

    init(
        _ lines: [ArraySlice<UInt8>], columns: [[UInt8]], bytes: ((String, Int) throws -> [UInt8])? = nil
    ) {
        self.lines = lines
        self.columns = columns
        self.bytes = bytes
    }

    /// The document and its kind. Throws `ArchiveFault` whose line is one of these, from 1 on, or what `bytes` throws.
    mutating func document() throws -> (ArchiveKind, BSONDocument) {
        do {
            let read = try body()
            guard next == lines.count else { throw ArchiveFault("a sentence too many") }
            return read
        } catch var fault as ArchiveFault {
            fault.line = fault.line ?? min(next + 1, lines.count)
            throw fault
        }
    }

    private mutating func body() throws -> (ArchiveKind, BSONDocument) {
        var head = try line()
        guard let kind = ArchiveKind.allCases.first(where: { head.take($0.noun) }) else {
            throw ArchiveFault("a paragraph begins with neither a record, an event nor anything else that is kept")
        }
        try head.expect(", in ")
        if head.take("raw bytes: ") {
            let content = try head.hexadecimal()
            try head.expect(".")
            try head.expectEnd()
            next += 1
            return (kind, try Self.document(content))
        }
        let count = try head.integer(Int.self)
        try head.expect(count == 1 ? " fact:" : " facts:")
        try head.expectEnd()
        next += 1
        var writer = BSONWriter()
        for _ in 0..<max(0, count) { try fact(of: kind, &writer) }
        return (kind, try Self.document(writer.finished()))
    }

    static func document(_ bytes: [UInt8]) throws -> BSONDocument {
        guard let document = BSONDocument(wellFormed: bytes) else {
            throw ArchiveFault("what is said makes no document")
        }
        return document
    }

    private func line() throws(ArchiveFault) -> ValueReader {
        guard next < lines.count else { throw ArchiveFault("a sentence is missing after this one") }
        return ValueReader(lines[next])
    }

    private mutating func fact(of kind: ArchiveKind, _ writer: inout BSONWriter) throws {
        var line = try line()
        try line.expect("Its ")
        let key = try line.key()
        let path = lines[next][..<line.position]
        try line.expect(" is ")
        if kind == .rows, key.elementsEqual("rows".utf8), line.take("these ") {
            return try writer.append(try rows(&line), key)
        }
        if kind.isChunk, key.elementsEqual("data".utf8), line.take("the next ") {
            return try writer.append(try chunk(&line), key)
        }
        try writer.append(try value(&line, path, depth: 1), key)
    }

    /// What follows ` is `, up to the end of its last line.
    private mutating func value(
        _ line: inout ValueReader, _ path: ArraySlice<UInt8>, depth: Int
    ) throws(ArchiveFault) -> ValueReader.Value {
        let isList = line.take("a list of ")
        guard isList || line.take("a document of ") else {
            let value = try line.value()
            try line.expect(".")
            try line.expectEnd()
            next += 1
            return value
        }
        guard depth < Self.maximumDepth else { throw ArchiveFault("values are nested too deep") }
        let count = try line.integer(Int.self)
        try line.expect(":")
        try line.expectEnd()
        next += 1
        var writer = BSONWriter()
        for index in 0..<max(0, count) {
            var member = try self.line()
            guard member.take(path) else { throw ArchiveFault("a sentence is not about \(Self.text(path))") }
            let key: [UInt8]
            if isList {
                try member.expect(", number ")
                guard try member.integer(Int.self) == index + 1 else { throw ArchiveFault("a number is left out") }
                try member.expect(",")
                key = Array(String(index).utf8)
            } else {
                try member.expect("'s ")
                key = try member.key()
            }
            let memberPath = lines[next][..<member.position]
            try member.expect(" is ")
            try writer.append(try value(&member, memberPath, depth: depth + 1), key)
        }
        return ValueReader.Value(type: isList ? .array : .document, content: writer.finished())
    }

    private static func text(_ path: ArraySlice<UInt8>) -> String {
        QuotedText.quoted(String(decoding: path.prefix(100), as: UTF8.self))
    }

    private mutating func rows(_ line: inout ValueReader) throws(ArchiveFault) -> ValueReader.Value {
        let count = try line.integer(Int.self)
        try line.expect(":")
        try line.expectEnd()
        next += 1
        var writer = BSONWriter()
        for index in 0..<max(0, count) {
            var row = try self.line()
            try row.expect("Row ")
            // The caller compares it with the rows before.
            _ = try row.integer(Int.self)
            try row.expect(": ")
            try writer.append(try cells(&row), Array(String(index).utf8))
            try row.expect(".")
            try row.expectEnd()
            next += 1
        }
        return ValueReader.Value(type: .array, content: writer.finished())
    }

    private func cells(_ row: inout ValueReader) throws(ArchiveFault) -> ValueReader.Value {
        var writer = BSONWriter()
        guard !row.take("no cells") else { return ValueReader.Value(type: .array, content: writer.finished()) }
        var isNamed = false
        var count = 0
        repeat {
            if count == 0 {
                isNamed = takeName(&row, of: 0)
            } else if isNamed {
                guard takeName(&row, of: count) else {
                    throw ArchiveFault("a cell is not called as its column: \(row.place)")
                }
            }
            try writer.append(try row.value(), Array(String(count).utf8))
            count += 1
        } while row.take(", ")
        return ValueReader.Value(type: .array, content: writer.finished())
    }

    private func takeName(_ row: inout ValueReader, of index: Int) -> Bool {
        guard columns.indices.contains(index) else { return false }
        var name: [UInt8] = []
        KeyText.append(columns[index][...], to: &name)
        return row.take((name + Array(" is ".utf8))[...])
    }

    private mutating func chunk(_ line: inout ValueReader) throws -> ValueReader.Value {
        let count = try line.integer(Int.self)
        try line.expect(" bytes of ")
        let name = try line.text()
        try line.expect(".")
        try line.expectEnd()
        guard (0...Self.largestChunk).contains(count) else { throw ArchiveFault("a chunk is too large") }
        guard let bytes else { throw ArchiveFault("there are no files beside this text") }
        let content = try bytes(name, count)
        bytesFile = name
        next += 1
        return ValueReader.Value(.binary(BSONBinary(content)))
    }
}

extension ValueReader {
    mutating func take(_ text: String) -> Bool { take(Array(text.utf8)[...]) }

    mutating func hexadecimal() throws(ArchiveFault) -> [UInt8] {
        var bytes: [UInt8] = []
        while let high = rest.first.flatMap(Hexadecimal.value) {
            guard let low = rest.dropFirst().first.flatMap(Hexadecimal.value) else {
                throw ArchiveFault("a byte has one digit")
            }
            bytes.append(high << 4 | low)
            skip(2)
        }
        return bytes
    }
}
