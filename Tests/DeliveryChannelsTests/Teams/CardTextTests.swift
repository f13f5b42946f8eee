import DeliveryChannels
import Testing

struct CardTextTests {
    /// Source: the subset of Markdown that Adaptive Cards document (emphasis, lists, links), CommonMark for the rest,
    /// and the functions DATE and TIME.
    @Test(arguments: [
        ("2026-10", "2026-10"), ("Müller & Söhne GmbH (1)", "Müller & Söhne GmbH (1)"), ("12.50", "12.50"),
        ("-5", "-5"), ("+1", "+1"), ("#1", "#1"), ("1.", "1\\."), ("-", "\\-"), ("---", "\\---"), ("## x", "\\## x"),
        ("**bold** _i_", "\\*\\*bold\\*\\* \\_i\\_"), ("[x](https://a.test)", "\\[x\\](https://a.test)"),
        ("- item", "\\- item"), ("1. item", "1\\. item"), ("12) item", "12\\) item"), ("a - b + c", "a - b + c"),
        ("# head", "\\# head"), ("> quoted", "\\> quoted"), ("`code`", "\\`code\\`"), ("<at>x</at>", "\\<at>x\\</at>"),
        ("{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "{\\{DATE(2026-01-01T00:00:00Z,SHORT)}}"), ("{a}", "{a}"),
        ("&amp; &#65; R&D", "\\&amp; \\&#65; R\\&D"), ("a\\*b", "a\\\\\\*b"), ("![i](u)", "!\\[i\\](u)"),
        ("~~gone~~ | x", "\\~\\~gone\\~\\~ \\| x"), ("a\u{7}\r\u{7F}b", "ab"),
        ("one\ntwo\n- three", "one\n\ntwo\n\n\\- three"),
        ("  - deep", "  \\- deep"), ("2026 - 10", "2026 - 10"), ("😀 ÄÖ 中文", "😀 ÄÖ 中文"), ("", ""),
    ])
    func nothingIsMarkup(text: String, escaped: String) {
        #expect(CardText.escaped(text) == escaped)
    }

    @Test func blanksOfATableAreKept() {
        #expect(CardText.aligned("a  1,0\t\u{7}") == "a\u{A0}\u{A0}1,0")
    }
}
