internal import CXlsxWriter
import Glibc

/// Reads a workbook's file back while it is copied, and so finds what is missing in it.
///
/// A part that was cut, or lost its middle, is found by its checksum and by its tags, that of a sheet by the size of
/// its rows, which are too many to be looked at.
struct WorkbookArchive: ~Copyable {
    private let source: Int32
    private var sink: ByteSink
    /// What was read and not yet used.
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var rest = 0..<0
    /// What a part inflates to, piece by piece.
    private var piece = [UInt8](repeating: 0, count: 1 << 16)

    private init(_ source: Int32, _ target: Int32) {
        self.source = source
        sink = ByteSink(descriptor: target)
    }

    /// Whether the file is whole. It is copied in any case, since that is when it is read. `rowBytes` says of each
    /// sheet how long its rows are in the sheet's XML.
    static func copy(_ source: Int32, to target: Int32, rowBytes: [Int]) throws(RenderError) -> Bool {
        guard lseek(source, 0, SEEK_SET) == 0 else { throw RenderError(.cannotWrite, String(cString: strerror(errno))) }
        var archive = WorkbookArchive(source, target)
        let isWhole = try archive.isWhole(rowBytes)
        // The directory at the end.
        repeat { archive.rest = archive.rest.upperBound..<archive.rest.upperBound } while try archive.fill()
        try archive.sink.flush()
        return isWhole
    }

    private mutating func isWhole(_ rowBytes: [Int]) throws(RenderError) -> Bool {
        var names: Set<String> = []
        while let part = try header() {
            var rows: Int?
            for (place, size) in rowBytes.enumerated() where part.name == "xl/worksheets/sheet\(place + 1).xml" {
                rows = size
            }
            guard try isWhole(part, rows: rows) else { return false }
            names.insert(part.name)
        }
        return names.isSuperset(of: ["xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
            && rowBytes.indices.allSatisfy { names.contains("xl/worksheets/sheet\($0 + 1).xml") }
    }

    private struct Part {
        var name: String
        var checksum: UInt
    }

    /// The next part's; nil at the directory, and where there is none.
    private mutating func header() throws(RenderError) -> Part? {
        guard let fixed = try take(30), fixed.starts(with: [0x50, 0x4B, 3, 4]) else { return nil }
        let checksum = (14..<18).reversed().reduce(UInt(0)) { $0 << 8 | UInt(fixed[$1]) }
        let nameLength = Int(fixed[26]) | Int(fixed[27]) << 8
        guard let name = try take(nameLength), try take(Int(fixed[28]) | Int(fixed[29]) << 8) != nil else { return nil }
        return Part(name: String(decoding: name, as: UTF8.self), checksum: checksum)
    }

    private mutating func isWhole(_ part: Part, rows: Int?) throws(RenderError) -> Bool {
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw RenderError(.library, "zlib has no memory")
        }
        defer { inflateEnd(&stream) }
        var checksum: UInt = 0
        var check = rows.map { PartCheck.sheet(SheetSize(rows: $0)) } ?? .tags(TagBalance())
        var result = Z_OK
        while result == Z_OK {
            if rest.isEmpty, try !fill() { return false }
            let length = inflate(&stream, &result)
            checksum = piece.withUnsafeBufferPointer { crc32(checksum, $0.baseAddress, UInt32(length)) }
            check.take(piece[..<length])
        }
        return result == Z_STREAM_END && checksum == part.checksum && check.isWhole
    }

    /// Inflates into `piece`, and returns how much.
    private mutating func inflate(_ stream: inout z_stream, _ result: inout Int32) -> Int {
        let (input, room) = (rest, piece.count)
        return buffer.withUnsafeMutableBufferPointer { bytes in
            piece.withUnsafeMutableBufferPointer { piece in
                stream.next_in = bytes.baseAddress.map { $0 + input.lowerBound }
                stream.avail_in = UInt32(input.count)
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(room)
                result = CXlsxWriter.inflate(&stream, Z_NO_FLUSH)
                rest = input.upperBound - Int(stream.avail_in)..<input.upperBound
                return room - Int(stream.avail_out)
            }
        }
    }

    /// Exactly `count` bytes; nil at the end of the file.
    private mutating func take(_ count: Int) throws(RenderError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            if rest.isEmpty, try !fill() { return nil }
            let next = rest.prefix(count - bytes.count)
            bytes += buffer[next]
            rest = next.upperBound..<rest.upperBound
        }
        return bytes
    }

    /// Reads on, and copies it; false at the end of the file.
    private mutating func fill() throws(RenderError) -> Bool {
        var count: Int
        repeat { count = read(source, &buffer, buffer.count) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw RenderError(.cannotWrite, String(cString: strerror(errno))) }
        rest = 0..<count
        try sink.write(buffer[..<count])
        return count > 0
    }
}

private enum PartCheck {
    case tags(TagBalance)
    case sheet(SheetSize)

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        switch self {
        case .tags(var balance):
            balance.take(bytes)
            self = .tags(balance)
        case .sheet(var size):
            size.take(bytes)
            self = .sheet(size)
        }
    }

    var isWhole: Bool {
        switch self {
        case .tags(let balance): balance.isWhole
        case .sheet(let size): size.isWhole
        }
    }
}
