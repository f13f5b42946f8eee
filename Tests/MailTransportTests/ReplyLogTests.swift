import Testing

@testable import MailTransport

struct ReplyLogTests {
    @Test func theServersWordsStandOnOneLine() {
        #expect(ReplyLog.words("5.1.1\tno  such\r\nmailbox ") == "5.1.1 no such mailbox")
    }

    /// One character of 600,001 bytes.
    @Test func theServersWordsFitIntoAStatusWhateverTheyAre() {
        let text = "a" + String(repeating: "\u{301}", count: 300_000)
        #expect(ReplyLog.words(text).utf8.count <= 500)
        var log = ReplyLog()
        for _ in 0..<3 { log.append(line: "550-\(text)") }
        log.append(line: "550 \(text)")
        let reply = log.lastNegative
        #expect(reply?.code == 550)
        #expect((1...500).contains(reply?.text.utf8.count ?? 0))
    }
}
