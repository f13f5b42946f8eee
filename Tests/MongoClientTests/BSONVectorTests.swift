import MongoClient
import Testing

/// Bytes of the BSON specification, of its corpus, and as libbson writes them.
@Suite struct BSONVectorTests {
    private static let vectors: [(String, BSONDocument)] = [
        // The two of bsonspec.org.
        ("16000000 02 68656c6c6f00 06000000 776f726c6400 00", ["hello": "world"]),
        (
            "31000000 04 42534f4e00 26000000 02 3000 08000000 617765736f6d6500 01 3100 333333333333 1440 10 3200"
                + "c2070000 00 00", ["BSON": ["awesome", 5.05, 1986]]
        ),
        // Of the corpus: double, decimal128, date, binary, an embedded zero, code with scope, regular expression.
        ("10000000 01 6400 000000000000F03F 00", ["d": 1.0]),
        (
            "18000000 13 6400 00000000000000000000000000 0040B0 00",
            ["d": .decimal128(.init(high: 0xB040_0000_0000_0000, low: 0))]
        ),
        ("10000000 09 6100 0000000000000000 00", ["a": .date(milliseconds: 0)]),
        ("10000000 09 6100 c33ce7b9bdffffff 00", ["a": .date(milliseconds: -284_643_869_501)]),
        ("0f000000 05 7800 02000000 00 ffff 00", ["x": .binary(BSONBinary([0xff, 0xff]))]),
        ("13000000 05 7800 06000000 02 02000000 ffff 00", ["x": .binary(BSONBinary([0xff, 0xff], subtype: 2))]),
        ("19000000 02 6100 0d000000 6162006261620062616261 6200 00", ["a": "ab\0bab\0babab"]),
        ("0f000000 0b 6100 616263 00 696d 00 00", ["a": .regularExpression(pattern: "abc", options: "im")]),
        (
            "21000000 0f 6100 19000000 05000000 61626364 00 0c000000 10 7800 01000000 00 00",
            ["a": .javaScriptWithScope("abcd", ["x": 1])]
        ),
        ("10000000 11 6100 2a000000 15cd5b07 00", ["a": .timestamp(seconds: 123_456_789, increment: 42)]),
        ("10000000 12 6100 ffffffffffffff7f 00", ["a": .int64(.max)]),
        ("08000000 ff 6100 00", ["a": .minKey]),
        ("08000000 7f 6100 00", ["a": .maxKey]),
        ("08000000 0a 6100 00", ["a": .null]),
        ("08000000 06 6100 00", ["a": .undefined]),
    ]

    @Test(arguments: vectors)
    func bytesAreThoseOfTheSpecification(hexadecimal: String, document: BSONDocument) throws {
        let bytes = Self.bytes(hexadecimal)
        #expect(document.bytes == bytes)
        let read = try BSONDocument(validating: bytes)
        #expect(Array(read.map(\.value)) == Array(document.map(\.value)))
        #expect(BSONDocument(read.map { ($0.key, $0.value) }).bytes == bytes)
    }

    @Test func libbsonReadsWhatWeWriteAndTheOtherWayRound() throws {
        let document = try Self.everything()
        let json = document.extendedJSON
        #expect(json.contains(#""$numberDecimal" : "-1234.50""#))
        #expect(json.contains(#""$date" : { "$numberLong" : "1700000000123" }"#))
        #expect(json.contains(#""$binary" : { "base64" : "AAH/", "subType" : "80" }"#))
        #expect(try BSONDocument(extendedJSON: json) == document)
    }

    /// Every byte of a document cut off, and every byte changed, is refused or read without harm.
    @Test func damagedBytesAreRefused() throws {
        let bytes = try Self.everything().bytes
        for length in 0..<bytes.count {
            #expect(throws: MongoError.self) { try BSONDocument(validating: Array(bytes[..<length])) }
        }
        var accepted = 0
        for index in bytes.indices {
            for change: UInt8 in [1, 0x7F, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= change
                guard let document = try? BSONDocument(validating: damaged) else { continue }
                accepted += 1
                #expect(document.map { $0.value }.count <= bytes.count)
            }
        }
        // Numbers and letters may be changed; lengths and types may not.
        #expect(accepted > 100 && accepted < bytes.count * 4)
    }

    @Test func tooDeepANestingIsRefused() {
        var bytes: [UInt8] = BSONDocument().bytes
        for _ in 0..<300 {
            let length = UInt32(bytes.count + 8)
            let head = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [3, UInt8(ascii: "a"), 0]
            bytes = head + bytes + [0]
        }
        #expect(throws: MongoError.self) { try BSONDocument(validating: bytes) }
    }

    static func everything() throws -> BSONDocument {
        let id = try #require(BSONObjectID(Array(0..<12)))
        let decimal = try #require(BSONDecimal128("-1234.50"))
        return [
            "double": 1.5, "text": "grün \u{1F4C8} \0 end", "document": ["nested": ["deep": true]],
            "list": [1, "two", .null],
            "binary": .binary(BSONBinary([0, 1, 255], subtype: 0x80)), "undefined": .undefined, "id": .objectID(id),
            "yes": true, "no": false, "date": .date(milliseconds: 1_700_000_000_123), "null": .null,
            "regex": .regularExpression(pattern: "^a.*b$", options: "i"),
            "pointer": .databasePointer(namespace: "db.c", id: id), "code": .javaScript("return 1"),
            "symbol": .symbol("s"), "scoped": .javaScriptWithScope("x", ["x": 1]), "int32": .int32(.min),
            "stamp": .timestamp(seconds: 5, increment: 6), "int64": .int64(.min), "decimal": .decimal128(decimal),
            "min": .minKey, "max": .maxKey, "": "empty key", "a.b$c": "odd key",
        ]
    }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.filter { $0 != " " }.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
