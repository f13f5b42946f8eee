import Digests
import Testing

struct SealedTextTests {
    private let token = Array("0.AXkA-a token".utf8)

    private func key(_ byte: UInt8) throws -> SealedText.Key {
        try #require(SealedText.Key([UInt8](repeating: byte, count: 32)))
    }

    @Test func opensForItsKeyAndPurposeAlone() throws {
        let sealed = SealedText.sealed(token, with: try key(1), for: "reports/teams")
        #expect(SealedText.opened(sealed, with: try key(1), for: "reports/teams") == token)
        #expect(SealedText.opened(sealed, with: try key(2), for: "reports/teams") == nil)
        #expect(SealedText.opened(sealed, with: try key(1), for: "reports/other") == nil)
    }

    @Test func noByteCanBeChanged() throws {
        let key = try key(1)
        let sealed = SealedText.sealed(token, with: key, for: "")
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(SealedText.opened(changed, with: key, for: "") == nil)
            #expect(SealedText.opened(Array(sealed.prefix(index)), with: key, for: "") == nil)
        }
    }

    @Test func differsEachTime() throws {
        let key = try key(1)
        #expect(SealedText.sealed(token, with: key, for: "") != SealedText.sealed(token, with: key, for: ""))
        #expect(SealedText.opened(SealedText.sealed([], with: key, for: ""), with: key, for: "") == [])
    }

    @Test func aKeyHas32BytesAndIsNeverShown() throws {
        #expect(SealedText.Key([UInt8](repeating: 65, count: 31)) == nil)
        #expect(SealedText.Key([UInt8](repeating: 65, count: 33)) == nil)
        #expect(!"\(try key(65)) \(String(reflecting: try key(65)))".contains("65"))
    }
}
