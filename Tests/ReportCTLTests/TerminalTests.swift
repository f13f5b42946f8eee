import Testing

@testable import ReportCTL

struct TerminalTests {
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

    @Test func whatCouldSteerATerminalIsMadeVisible() {
        #expect(StyledText("a\u{1B}[2Jb\nc\td").rendered(color: true) == "a\u{FFFD}[2Jb c d")
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
