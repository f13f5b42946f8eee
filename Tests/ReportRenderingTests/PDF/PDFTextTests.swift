import Foundation
import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

/// What may stand in a cell.
struct PDFTextTests {
    @Test(arguments: [
        "Ödön Ünal ß", "Αθήνα", "Привет мир", "नमस्ते दुनिया", "北京市朝阳区",
        "東京都", "서울특별시", "สวัสดี", "e\u{301}a\u{308}o\u{323}\u{302}", "efficient office flow", "€ 12 ½ – “x” №",
        "Ω\u{2126} µμ", "Zoë 北京 Δelta",
    ])
    func textOfAnyScriptComesBack(text: String) throws {
        let file = try PDFSample(["Name", "Code"], texts: [[text, "X17"]]).pdf()
        try file.check()
        let read = try file.text()
        #expect(PDFFile.cells(read).contains([text, "X17"]), "\(read)")
    }

    @Test(arguments: ["مرحبا بالعالم", "שלום עולם", "عربي and English 123", "Ann (שלום)"])
    func textFromRightToLeftComesBack(text: String) throws {
        let file = try PDFSample(["Name", "Code"], texts: [[text, "X17"]]).pdf()
        try file.check()
        let read = try file.text()
        // The order of runs and the marks around them are the reader's own matter.
        for word in text.split(whereSeparator: { $0 == " " || $0 == "(" || $0 == ")" }) {
            #expect(read.filter { $0 != " " }.contains(word), "\(read)")
        }
    }

    @Test func aCellOf10000CharactersGoesOnOverPages() throws {
        let words = (0..<1250).map { "w\(1000 + $0)xy" }
        let long = words.joined(separator: " ")
        #expect(long.utf8.count == 9999)
        let file = try PDFSample(
            ["Name", "Text", "Code"],
            texts: [["before", "short", "1"], ["long", long, "2"], ["after", "short", "3"]]
        ).pdf()
        try file.check()
        let text = try file.text(isLayout: false)
        var found = text.matches(of: /w\d{4}xy/).map { String($0.output) }
        #expect(found == words)
        found = text.matches(of: /before|long 2|after/).map { String($0.output) }
        #expect(found.first == "before" && found.last == "after")
        #expect(try file.pages.count > 1)
    }

    @Test func aWordWithoutBreaksLosesNothing() throws {
        let word = String(repeating: "0123456789abcdefghij", count: 500)
        let file = try PDFSample(["Name", "Text"], texts: [["a", word]]).pdf()
        try file.check()
        let lines = try file.text(isLayout: false).split(whereSeparator: \.isNewline).map {
            $0.replacing("a ", with: "")
        }
        let parts = lines.filter { $0.allSatisfy(word.contains) }
        #expect(parts.joined() == word)
    }

    @Test func longTextIsBrokenInItsColumn() throws {
        let text = (1...40).map { "word\($0)" }.joined(separator: " ")
        let file = try PDFSample(["Name", "Text", "Code"], texts: [["a", text, "c"], ["b", "two\nlines", "d"]]).pdf()
        let lines = try PDFFile.cells(file.text())
        #expect(lines.contains { $0.count == 3 && $0[0] == "a" && $0[1].hasPrefix("word1 word2") && $0[2] == "c" })
        #expect(lines.contains(["b", "two", "d"]))
        #expect(lines.contains(["lines"]))
    }

    @Test func titlesOfAnyLengthLeaveRoomForTheRows() throws {
        var sample = PDFSample([String(repeating: "title ", count: 2000), "Code"], texts: [["a", "X"], ["b", "Y"]])
        sample.layout.title = String(repeating: "long ", count: 3000)
        sample.layout.subtitle = String(repeating: "longer ", count: 3000)
        let file = try sample.pdf()
        try file.check()
        let text = try file.text()
        #expect(PDFFile.cells(text).contains(["a", "X"]) && PDFFile.cells(text).contains(["b", "Y"]))
        #expect(text.contains("…"))
        #expect(text.contains("Page 1 of 1"))
    }

    @Test func controlCharactersAreHarmless() throws {
        let text = "a\u{0}b\u{7}c\u{1B}[31md\u{FFFE}e\u{85}f\u{9F}g\u{202E}h\tI"
        var sample = PDFSample(["Na\u{0}me", "Code"], texts: [[text, "X"]])
        sample.layout.title = "Tit\u{0}le\n2"
        sample.layout.subtitle = "\u{1}"
        sample.layout.notes = "No\u{0}te"
        let file = try sample.pdf()
        try file.check()
        #expect(try file.info["Title"] == "Tit\u{FFFD}le 2")
        let read = try file.text(isLayout: false)
        #expect(read.contains("a\u{FFFD}b\u{FFFD}c\u{FFFD}[31md\u{FFFD}e"))
        #expect(!read.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\u{C}" })
    }

    @Test func emojiAndCharactersWithoutAFontDoNoHarm() throws {
        let file = try PDFSample(["Name", "Code"], texts: [["😀👩‍👩‍👧 \u{E000}\u{10FFFD} ok", "X"]]).pdf()
        try file.check()
        #expect(try file.text().contains("ok"))
    }

    @Test func thousandMarksOnALetterDoNoHarm() throws {
        let text = "a" + String(repeating: "\u{301}\u{323}", count: 1000)
        let file = try PDFSample(["Name", "Code"], texts: [[text, "X"]]).pdf()
        try file.check()
        #expect(try file.text().contains("X"))
    }

    @Test func printableTextKeepsWhatItMay() {
        for text in ["", "plain", "ä\u{BF}\u{BE}", "\u{37E}", "北京", "😀", "\u{FFFD}", "e\u{301}"] {
            #expect(PrintableText.paragraphs(text).unicodeScalars.elementsEqual(text.unicodeScalars))
        }
        #expect(PrintableText.paragraphs("a\r\nb\rc\u{2028}d\n\n") == "a\nb\nc\nd")
        for value: UInt32 in [0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFF, 0x80, 0] {
            let text = String(Unicode.Scalar(value).map(Character.init) ?? " ")
            #expect(PrintableText.paragraphs(text) == "\u{FFFD}")
        }
        #expect(PrintableText.line("\r\na\nb") == "a b")
        #expect(PrintableText.kind(of: "(1,234.50)") == .figures)
        #expect(PrintableText.kind(of: "1\u{202F}234,50") == .figures)
        #expect(PrintableText.kind(of: "Zoë") == .plain)
        #expect(PrintableText.kind(of: "e\u{301}") == .complex)
        #expect(PrintableText.kind(of: "שלום") == .complex)
    }
}
