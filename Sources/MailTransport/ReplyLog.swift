import MailMessages
import TextCuts

/// The server's replies of one transfer, line by line as they come.
struct ReplyLog {
    struct Reply: Hashable {
        var code: Int
        var text: String
    }

    /// The last one that takes what was said.
    private(set) var lastPositive: Reply?
    /// The last one that refuses.
    private(set) var lastNegative: Reply?
    /// Whether the server has asked for the message.
    private(set) var askedForMessage = false
    /// Of this connection, which outlives transfers.
    private(set) var isAuthenticated = false
    /// What it wants to know before it lets us in; of XOAUTH2 the reason why it doesn't.
    private(set) var lastChallenge: String?
    private var lines: [String] = []

    /// To be called before each transfer.
    mutating func startTransfer() {
        self = ReplyLog(isAuthenticated: isAuthenticated)
    }

    mutating func append(line: String) {
        let bytes = Array(line.utf8)
        guard bytes.count >= 3, let code = Int(line.utf8.prefix(3).map { String(UnicodeScalar($0)) }.joined()) else {
            return
        }
        lines.append(Self.words(String(decoding: bytes.dropFirst(4), as: UTF8.self)))
        if bytes.count > 3, bytes[3] == UInt8(ascii: "-") { return }
        let reply = Reply(code: code, text: lines.joined(separator: " ").head(bytes: Self.longest))
        lines = []
        switch code {
        case 220: isAuthenticated = false
        case 235: isAuthenticated = true
        case 334: lastChallenge = Base64.bytes(of: reply.text).map { Self.words(String(decoding: $0, as: UTF8.self)) }
        case 354: askedForMessage = true
        default: break
        }
        if (200..<300).contains(code) { lastPositive = reply }
        if (400..<600).contains(code) { lastNegative = reply }
    }

    init() {}

    private init(isAuthenticated: Bool) { self.isAuthenticated = isAuthenticated }

    /// Bytes of a reply that are kept: what a status can hold.
    private static let longest = 500

    /// On one line that a status can hold.
    static func words(_ text: String) -> String {
        let printable = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        return printable.split(separator: " ").map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
            .head(bytes: longest)
    }
}
