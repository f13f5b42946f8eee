import FoundationEssentials
import KubernetesModel
import Testing

@testable import ReportCTL

struct TerminalTests {
    @Test(arguments: [("Müller", 6), ("財務部", 6), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("한국", 4), ("", 0)])
    func widthsAreThoseOfATerminal(text: String, cells: Int) {
        #expect(StyledText(text).count == cells)
        #expect(StyledText(text).padded(to: 10).count == 10)
    }

    @Test func wideTextIsCutToItsColumns() {
        let text = StyledText("財務部", .bad) + StyledText("abc")
        #expect(text.cut(to: 9) == text)
        #expect(text.cut(to: 8).rendered(color: false) == "財務部a…")
        #expect(text.cut(to: 4).rendered(color: false) == "財…")
    }

    @Test(
        arguments: [
            (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
            (true, ["TERM": "dumb"], false), (false, ["TERM": "xterm"], false),
        ] as [(Bool, [String: String], Bool)])
    func coloursAreForTerminalsThatWantThem(isTerminal: Bool, environment: [String: String], usesColor: Bool) {
        #expect(Terminal(isTerminal: isTerminal, columns: 80, environment: environment).usesColor == usesColor)
    }

    @Test func aDumbTerminalIsNotDrawnOn() {
        #expect(!Terminal(isTerminal: true, columns: 80, environment: ["TERM": "dumb"]).isInteractive)
        #expect(Terminal(isTerminal: true, columns: 80, environment: ["NO_COLOR": "1"]).isInteractive)
    }

    @Test(
        arguments: [
            (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8"], true), (["LANG": "C"], false), ([:], false),
            (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LC_ALL": "", "LANG": "C.UTF-8"], true),
        ] as [([String: String], Bool)])
    func theLocaleSaysWhatCanBeShown(environment: [String: String], isUnicode: Bool) {
        #expect(Terminal(isTerminal: true, columns: 80, environment: environment).isUnicode == isUnicode)
    }

    @Test(
        arguments: [
            ("a\u{1B}[2Jb\nc\td\re\r\nf", #"a\u{1b}[2Jb\nc\td\re\r\nf"#),
            ("\u{9B}31m\u{7F}\0", #"\u{9b}31m\u{7f}\u{0}"#),
            ("a\u{202E}b\u{2028}", #"a\u{202e}b\u{2028}"#), ("Zoë 財務 👩‍💼 \u{200F}", "Zoë 財務 👩‍💼 \u{200F}"),
        ])
    func whatCouldSteerATerminalIsEscaped(text: String, shown: String) {
        #expect(StyledText(text).rendered(color: true) == shown)
        #expect(StyledText(stringLiteral: text) == StyledText(shown))
    }

    @Test func jsonStaysTheSameJSON() throws {
        let value = "a\u{1B}\u{9B}31m\u{7F}\u{202E}\n"
        let json = String(decoding: JSONValue.array([.string(value)]).jsonText, as: UTF8.self).escapingControlsInJSON
        #expect(json == #"["a\u001b\u009b31m\u007f\u202e\n"]"#)
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [value])
        #expect("{\n  \"é\": 1\n}".escapingControlsInJSON == "{\n  \"é\": 1\n}")
    }

    @Test func textOfSeveralLinesKeepsThemAndNothingElse() {
        #expect("a\n\u{1B}b\r\n".escapingControls(keepingLines: true) == "a\n\\u{1b}b\\r\n")
        #expect(StyledText.lines("a\n\nb\u{1B}\n").map { $0.rendered(color: false) } == ["a", "", "b\\u{1b}"])
    }

    @Test func tonesAreColoursWhereThereAreAny() {
        let text = StyledText("ok", .good) + "  "
        #expect(text.rendered(color: true) == "\u{1B}[32mok\u{1B}[0m")
        #expect(text.rendered(color: false) == "ok")
    }

    @Test func cutTextIsAsLongAsItMayBe() {
        let text = StyledText("abc", .good) + StyledText("defg", .bad)
        #expect(text.cut(to: 5).rendered(color: false) == "abcd…")
        #expect(text.cut(to: 7) == text)
        #expect(text.cut(to: 1).rendered(color: false) == "…")
    }

    @Test func aFrameTakesThePlaceOfTheOneBefore() {
        var terminal = Terminal()
        terminal.width = 10
        var screen = LiveScreen(terminal)
        #expect(screen.frame(["one", "a line that is too long"]) == "one\na line t…\n")
        #expect(screen.frame(["two"]) == "\r\u{1B}[2A\u{1B}[Jtwo\n")
        #expect(screen.frame(["three"]) == "\r\u{1B}[1A\u{1B}[Jthree\n")
    }
}
