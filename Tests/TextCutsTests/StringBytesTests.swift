import Testing
import TextCuts

struct StringBytesTests {
    /// One character of 600,001 bytes.
    static let accents = "a" + String(repeating: "\u{301}", count: 300_000)

    @Test(arguments: [Self.accents, String(repeating: "é€😀", count: 1000), String(repeating: "x", count: 5000)])
    func everyCutKeepsItsLengthInBytes(text: String) {
        for limit in [64, 65, 66, 67, 1000] {
            for cut in [
                text.head(bytes: limit), text.tail(bytes: limit), text.ends(bytes: limit), text.cut(toBytes: limit),
            ] {
                #expect(cut.utf8.count <= limit)
                #expect(cut.utf8.count > limit - 8)
                #expect(!cut.contains("\u{FFFD}"))
            }
        }
    }

    @Test func whatFitsStaysAsItIs() {
        for text in ["", "é", String(repeating: "é", count: 32)] {
            #expect(text.head(bytes: 64) == text)
            #expect(text.tail(bytes: 64) == text)
            #expect(text.ends(bytes: 64) == text)
            #expect(text.cut(toBytes: 64) == text)
        }
    }

    @Test func theMarkSaysWhereSomethingIsMissing() {
        #expect("abcdefghij".head(bytes: 8) == "abcde…")
        #expect("abcdefghij".tail(bytes: 8) == "…fghij")
        #expect("abcdefghij".ends(bytes: 9) == "a…ghij".replacing("ghij", with: "fghij"))
    }
}
