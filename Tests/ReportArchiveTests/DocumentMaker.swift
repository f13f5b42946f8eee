import BSON
import TestSupport

/// Documents with all that BSON can hold, the same for the same seed.
struct DocumentMaker {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { random.next() }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    static let texts = [
        "", " ", "a", "Assets:Cash", "line\nline", "a\r\n\r\nb", "\"quoted\" \\ back", "Its phase is \"Failed\".",
        "\n\nAn event, in 1 fact:\nIts _id is \"x\".", "tab\tzero\0del\u{7F}", "grüße, ἀρχή, 日本, 🦆",
        "\u{202E}evil\u{2066}",
        "\u{2028}\u{2029}\u{85}\u{9F}\u{FEFF}\u{200B}", "e\u{301}", "\u{1F468}\u{200D}\u{1F469}", "}, ]. {", "is",
    ]

    static let keys = [
        "a", "name", "_id", "", "with space", "dot.ted", "$set", "quo\"te", "Ä", "1st", "is", "nl\n", "rows", "data",
        "0", "'s",
    ]

    mutating func text() -> String { Self.texts[below(Self.texts.count)] }

    mutating func double() -> Double {
        let odd: [Double] = [
            0, -0.0, .nan, -.nan, .signalingNaN, .infinity, -.infinity, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude, 0.1, 1e16, -1e-7, Double(nan: 77, signaling: false),
        ]
        return below(2) == 0 ? odd[below(odd.count)] : Double(bitPattern: next())
    }

    mutating func decimal() -> BSONDecimal128 {
        switch below(4) {
        // 34 digits.
        case 0: return BSONDecimal128(high: 0x3040_0000_0000_0000 | 0x1_ED09_BEAD_87C0, low: 0x378D_8E63_FFFF_FFFF)
        case 1: return BSONDecimal128(high: UInt64(below(2)) << 63 | 0x303C_0000_0000_0000, low: next() % 100_000)
        case 2:
            let odd: [UInt64] = [0x7800 << 48, 0xF800 << 48, 0x7C00 << 48, 0xFC00 << 48, 0x7E00 << 48, 0x6000 << 48]
            return BSONDecimal128(high: odd[below(odd.count)], low: 0)
        default: return BSONDecimal128(high: next(), low: next())
        }
    }

    mutating func value(depth: Int = 0) -> BSONValue {
        let kinds = depth < 4 ? 21 : 19
        switch below(kinds) {
        case 0: return .double(double())
        case 1: return .string(text())
        case 2: return .binary(BSONBinary(bytes(), subtype: [0, 2, 4, 128][below(4)]))
        case 3: return .undefined
        case 4: return .objectID(BSONObjectID(second: UInt32(truncatingIfNeeded: next()), rest: (7, UInt32.max)))
        case 5: return .bool(below(2) == 0)
        case 6: return .date(milliseconds: [Int64.min, .max, 0, -1, 1_792_540_800_123, -62_135_596_800_000][below(6)])
        case 7: return .null
        case 8: return .regularExpression(pattern: "^a\"\n|.*$", options: "im")
        case 9: return .databasePointer(namespace: text(), id: BSONObjectID(second: 1, rest: (2, 3)))
        case 10: return .javaScript(text())
        case 11: return .symbol(text())
        case 12: return .javaScriptWithScope(text(), ["x": .string(text())])
        case 13: return .int32(Int32(truncatingIfNeeded: next()))
        case 14: return .timestamp(seconds: UInt32(truncatingIfNeeded: next()), increment: 4)
        case 15: return .int64(Int64(truncatingIfNeeded: next()))
        case 16: return .decimal128(decimal())
        case 17: return .minKey
        case 18: return .maxKey
        case 19: return .document(document(depth: depth + 1))
        default: return .array((0..<below(4)).map { _ in value(depth: depth + 1) })
        }
    }

    private mutating func bytes() -> [UInt8] { (0..<below(9)).map { _ in UInt8(truncatingIfNeeded: next()) } }

    /// A key may stand more than once.
    mutating func document(depth: Int = 0) -> BSONDocument {
        BSONDocument((0..<below(6)).map { _ in (Self.keys[below(Self.keys.count)], value(depth: depth)) })
    }

    /// Bytes that are a document, and neither text nor numbered lists where others would have them.
    static let crooked: [[UInt8]] = [
        // {a: "\xFF"}
        [14, 0, 0, 0, 2, 97, 0, 2, 0, 0, 0, 0xFF, 0, 0],
        // {"\xC3": null}
        [8, 0, 0, 0, 10, 0xC3, 0, 0],
        // {a: [null at "1"]}
        [16, 0, 0, 0, 4, 97, 0, 8, 0, 0, 0, 10, 49, 0, 0, 0],
    ]
}
