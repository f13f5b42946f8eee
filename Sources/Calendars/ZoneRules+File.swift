extension ZoneRules {
    /// Reads a file of the zone database: TZif of version 1 to 4 (RFC 8536, RFC 9636). Nil where it isn't one.
    package init?(file: [UInt8]) {
        var reader = Reader(rest: file[...])
        guard let first = reader.header() else { return nil }
        guard first.version >= UInt8(ascii: "2") else {
            guard let block = reader.block(first, timeSize: 4) else { return nil }
            self.init(block, rule: nil)
            return
        }
        // The first block is for readers of version 1, in 32 bits; the second says the same in 64.
        guard reader.skip(first.size(timeSize: 4)), let second = reader.header(),
            let block = reader.block(second, timeSize: 8), let footer = reader.footer()
        else { return nil }
        guard !footer.isEmpty else {
            self.init(block, rule: nil)
            return
        }
        guard let rule = ZoneRule(footer) else { return nil }
        self.init(block, rule: rule)
    }

    private init(_ block: Block, rule: ZoneRule?) {
        self.init(
            transitions: block.transitions, offsets: block.offsets, initialOffset: block.initialOffset, rule: rule)
    }

    private struct Block {
        var transitions: [Int64]
        var offsets: [Int32]
        var initialOffset: Int32
    }

    private struct Header {
        var version: UInt8
        var utIndicators: Int
        var standardIndicators: Int
        var leapSeconds: Int
        var times: Int
        var types: Int
        var characters: Int

        func size(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4) + standardIndicators
                + utIndicators
        }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ count: Int) -> Bool { take(count) != nil }

        private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count >= 0, rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        private mutating func integer(_ size: Int) -> Int64? {
            guard let bytes = take(size) else { return nil }
            let bits = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            // Two's complement: the sign is the topmost bit that was read.
            return Int64(bitPattern: bits << (64 - UInt64(size) * 8)) >> (64 - Int64(size) * 8)
        }

        mutating func header() -> Header? {
            guard let magic = take(4), magic.elementsEqual("TZif".utf8), let version = take(1)?.first, skip(15)
            else { return nil }
            var counts: [Int] = []
            for _ in 0..<6 {
                // A greater one isn't a zone's, and must not be multiplied.
                guard let count = integer(4), (0...1_000_000).contains(count) else { return nil }
                counts.append(Int(count))
            }
            return Header(
                version: version, utIndicators: counts[0], standardIndicators: counts[1], leapSeconds: counts[2],
                times: counts[3], types: counts[4], characters: counts[5])
        }

        mutating func block(_ header: Header, timeSize: Int) -> Block? {
            guard header.types > 0, rest.count >= header.size(timeSize: timeSize) else { return nil }
            var transitions: [Int64] = []
            for _ in 0..<header.times {
                guard let time = integer(timeSize), transitions.last.map({ $0 < time }) ?? true else { return nil }
                transitions.append(time)
            }
            guard let indexes = take(header.times) else { return nil }
            var types: [Int32] = []
            for _ in 0..<header.types {
                guard let offset = integer(4), abs(offset) <= 172_800, skip(2) else { return nil }
                types.append(Int32(offset))
            }
            guard indexes.allSatisfy({ $0 < types.count }) else { return nil }
            let others = header.size(timeSize: timeSize) - header.times * (timeSize + 1) - header.types * 6
            guard skip(others) else { return nil }
            return Block(
                transitions: transitions, offsets: indexes.map { types[Int($0)] }, initialOffset: types[0])
        }

        /// What is between the two line ends after the second block.
        mutating func footer() -> String? {
            guard rest.first == UInt8(ascii: "\n"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\n"))
            else { return nil }
            return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        }
    }
}
