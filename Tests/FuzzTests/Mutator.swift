import TestSupport

/// Makes bytes that were once meant well into others, the same for the same seed.
struct Mutator {
    /// The longest input, in bytes.
    static let limit = 32 << 10

    private var random: SeededGenerator
    private let corpus: [[UInt8]]
    /// What its reader took of what was made here: to go on from there leads farther than from the corpus alone.
    private var taken: [[UInt8]] = []

    /// What readers look for, and what they may not expect.
    private static let tokens: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "{{", "}}", "null", "true", "\\u0000", "\\ud800", "\\u00e9", "e+",
            "1e999", "-0", "9223372036854775808", "-9223372036854775808", "0.1", "18446744073709551615", "\r\n", "\n",
            "\n\n", " ", "\t", "---\n", "- ", "&a ", "*a", "!!int ", "<<: ", "| ", "> ", "? ", "# ", "%YAML 9.9\n",
            "$-1\r\n",
            "*-1\r\n", "*1000000\r\n", "$512\r\n", ":1\r\n", "-ERR\r\n", "@", "..", "../", "*/2", "1-5", "L",
            "@every 1s", "h",
            "m", "s", "#,##0.00", "[Red]", "yyyy", "General", "_-", "(", ")", "*", "+", "?", "{2,5}", "|", "^", "$",
            "in (", "!=",
            "Its ", " is ", "in 1 fact", "\"ADDED\"", "\"object\"", "eyJ", "=",
        ].map { Array($0.utf8) } + [
            [0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xCC, 0x81], [0xE2, 0x80, 0xAE],
            [0xEF, 0xBB, 0xBF], [0x05, 0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
        ]

    init(corpus: [[UInt8]], seed: UInt64) {
        self.corpus = corpus
        random = SeededGenerator(seed: seed)
    }

    /// Remembers an input that its reader took.
    mutating func keep(_ input: [UInt8]) {
        if taken.count < 256 { return taken.append(input) }
        taken[below(taken.count)] = input
    }

    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(random.next() % UInt64(bound)) : 0 }

    mutating func next() -> [UInt8] {
        var bytes = start()
        // Mostly one change, now and then many.
        repeat { change(&bytes) } while below(3) != 0
        return Array(bytes.prefix(Self.limit))
    }

    private mutating func start() -> [UInt8] {
        taken.isEmpty || below(2) == 0 ? corpus[below(corpus.count)] : taken[below(taken.count)]
    }

    /// A part of it that isn't empty, unless it is itself.
    private mutating func part(of bytes: [UInt8], atMost limit: Int = .max) -> Range<Int> {
        guard !bytes.isEmpty else { return 0..<0 }
        let start = below(bytes.count)
        return start..<start + 1 + below(min(bytes.count - start - 1, limit))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        switch below(10) {
        case 0 where !bytes.isEmpty: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
        case 1 where !bytes.isEmpty: bytes[below(bytes.count)] = UInt8(below(256))
        case 2: bytes.removeSubrange(part(of: bytes, atMost: 64))
        case 3:
            // The same again and again: chains, long words, long numbers.
            let again = Array(bytes[part(of: bytes, atMost: 32)])
            let times = min(1 << below(12), Self.limit / max(again.count, 1))
            bytes.insert(contentsOf: (0..<times).flatMap { _ in again }, at: place)
        case 4:
            let other = corpus[below(corpus.count)]
            bytes.insert(contentsOf: other[part(of: other)], at: place)
        case 5: bytes.removeLast(bytes.count - place)
        case 6 where bytes.count >= 4:
            // A length, as binary forms have it.
            let start = below(bytes.count - 3)
            let value = UInt32(bytes[start]) &+ UInt32(below(9)) &- 4
            for offset in 0..<4 { bytes[start + offset] = UInt8(truncatingIfNeeded: value >> UInt32(8 * offset)) }
        case 7:
            let (from, to) = (part(of: bytes, atMost: 64), part(of: bytes, atMost: 64))
            bytes.replaceSubrange(to, with: Array(bytes[from]))
        default: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: place)
        }
    }
}
