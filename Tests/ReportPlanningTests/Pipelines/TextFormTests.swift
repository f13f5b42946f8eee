import Testing

@testable import ReportPlanning

/// Against the regular expressions that the forms are defined by.
struct TextFormTests {
    /// Whatever is made of these pieces: good texts, near misses and nonsense.
    private static let texts: [String] = {
        let pieces = ["", "0", "7", "12", "-", "+", ".", "e", "E", "G", "i", "Ki", "a", "Z", "_", "é", " ", "\n"]
        var texts = pieces
        for _ in 0..<3 {
            texts = Array(Set(texts.prefix(1500) + texts.prefix(150).flatMap { t in pieces.map { t + $0 } }))
        }
        return texts + [String(repeating: "a", count: 63), String(repeating: "a", count: 64), "2026-10", "-0", "1e999"]
    }()

    @Test func formsAreThoseOfTheirRegularExpressions() {
        var counts = [0, 0, 0, 0]
        for text in Self.texts {
            let expected = [
                text.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]{0,62}/) != nil,
                text.wholeMatch(of: /[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?/) != nil,
                text.wholeMatch(of: /-?(0|[1-9][0-9]*)/) != nil,
                text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil,
            ]
            let found = [
                TextForm.isParameterName(text), TextForm.isQuantity(text),
                TextForm.isInteger(text), TextForm.isNumber(text),
            ]
            #expect(found == expected, "\(text.debugDescription)")
            for index in counts.indices where expected[index] { counts[index] += 1 }
        }
        // The texts are of use only while some of each form are among them.
        #expect(counts.allSatisfy { $0 > 3 }, "\(counts)")
    }

    @Test(arguments: ["2026-10-31", "0000-00-00", "9999-99-99"]) func dateIsReadByItsParts(text: String) throws {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        let date = try #require(TextForm.date(text))
        #expect([date.year, date.month, date.day] == parts)
    }

    @Test(arguments: ["", "2026-10", "2026-1-31", "2026-10-31-", "+026-10-31", "2026-10-3１", "2026/10/31"])
    func whatIsNoDateIsNone(text: String) {
        #expect(TextForm.date(text) == nil)
    }
}
