import Testing

@testable import GatewayServer

struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=2-4", .part(2..<5)), ("bytes=7-", .part(7..<10)),
        ("bytes=-3", .part(7..<10)), ("bytes=-30", .part(0..<10)), ("bytes=5-500", .part(5..<10)),
        ("bytes=5-9223372036854775806", .part(5..<10)),
    ])
    func aPart(header: String, range: ByteRange) { #expect(ByteRange(header, size: 10) == range) }

    @Test(arguments: ["bytes=10-", "bytes=10-12", "bytes=-0"])
    func noSuchPart(header: String) { #expect(ByteRange(header, size: 10) == .unsatisfiable) }

    /// What isn't understood counts as if it weren't there (RFC 9110, 14.2), and nothing overflows.
    @Test(arguments: [
        nil, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=0-1,3-4", "lines=0-1", "bytes=--1",
        "bytes=1-2-3", "bytes=99999999999999999999-", "bytes=-1-4",
    ])
    func theWhole(header: String?) { #expect(ByteRange(header, size: 10) == .whole) }

    @Test(arguments: ["bytes=0-9223372036854775807", "bytes=0-0", "bytes=-1"])
    func ofNothingAndToTheEndOfNumbers(header: String) {
        #expect(ByteRange(header, size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=1-9223372036854775807", size: 10) == .part(1..<10))
    }
}
