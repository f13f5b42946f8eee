import Glibc

/// What this process holds of its own program and libraries as it is in their files: code, tables, constants.
///
/// Whatever reads a page of it brings 16 with it, and loading a library reads most of its tables once.
package enum ProgramPages {
    /// Safe at any time: what is dropped comes back from the page cache when it is needed.
    package static func drop() {
        for range in unchanged(in: contents(of: "/proc/self/smaps")) {
            _ = madvise(
                UnsafeMutableRawPointer(bitPattern: range.lowerBound), Int(range.upperBound - range.lowerBound),
                MADV_DONTNEED)
        }
    }

    /// Mappings of programs and libraries of which nobody has changed a byte and nobody can. Some of what may only be read was
    /// written when the program was loaded, as addresses are. `smaps`: as the kernel has it.
    ///
    /// Other files are left alone: the address of one that is unmapped meanwhile may be somebody's memory by now.
    package static func unchanged(in smaps: [UInt8]) -> [Range<UInt>] {
        var mapping: Mapping?
        var found: [Mapping] = []
        var programs: Set<ArraySlice<UInt8>> = []
        // Bytes and not text: that would read more of the library for texts than is dropped of it.
        for line in smaps.split(separator: UInt8(ascii: "\n")) {
            if let next = Mapping(line) {
                mapping = next
                if next.isCode, let path = next.path { programs.insert(path) }
            } else if let mapping, mapping.isCode || mapping.isReadOnly, Self.saysThatNothingWasWritten(line) {
                found.append(mapping)
            }
        }
        return found.filter { $0.path.map(programs.contains) ?? false }.map(\.range)
    }

    private static func saysThatNothingWasWritten(_ line: ArraySlice<UInt8>) -> Bool {
        let name = "Anonymous:"
        guard line.starts(with: name.utf8) else { return false }
        return line.dropFirst(name.utf8.count).drop { $0 == UInt8(ascii: " ") }.starts(with: "0 ".utf8)
    }

    /// Foundation takes an answer of less than it has room for as the end, and the kernel answers with as many lines as are whole.
    private static func contents(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let room = 16 << 10
        while true {
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                count = max(0, read(descriptor, buffer.baseAddress, room))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }

    private struct Mapping {
        let range: Range<UInt>
        let isCode: Bool
        let isReadOnly: Bool
        /// nil: it is of no file.
        let path: ArraySlice<UInt8>?

        /// nil for a line that tells more of the mapping before it.
        init?(_ line: ArraySlice<UInt8>) {
            // Those begin with a word.
            guard let first = line.first, Self.value(ofDigit: first) != nil else { return nil }
            let space = UInt8(ascii: " ")
            let fields = line.split(separator: space, maxSplits: 5)
            guard fields.count >= 5 else { return nil }
            let ends = fields[0].split(separator: UInt8(ascii: "-")).map(Self.number)
            guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { return nil }
            range = start..<end
            isCode = fields[1].elementsEqual("r-xp".utf8)
            isReadOnly = fields[1].elementsEqual("r--p".utf8)
            let path = fields.dropFirst(5).first?.drop { $0 == space }
            self.path = path?.first == UInt8(ascii: "/") ? path : nil
        }

        private static func number(_ digits: ArraySlice<UInt8>) -> UInt? {
            guard digits.count <= 16 else { return nil }
            var number: UInt = 0
            for digit in digits {
                guard let value = value(ofDigit: digit) else { return nil }
                number = number << 4 | value
            }
            return number
        }

        private static func value(ofDigit digit: UInt8) -> UInt? {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt(digit - UInt8(ascii: "a")) + 10
            default: nil
            }
        }
    }
}
