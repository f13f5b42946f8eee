/// Takes what must not be seen out of messages.
struct Redaction: Sendable {
    /// What may stand in a message by accident, the longest first.
    private let secrets: [String]

    init(secrets: [String]) {
        self.secrets = Set(secrets).filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// Every secret replaced. A secret of a few letters also stands in harmless words, whose gaps would give it away, so
    /// then nothing of the message stays.
    func redact(_ message: String) -> String {
        guard let first = secrets.first(where: message.contains) else { return message }
        if first.utf8.count < 4 || secrets.contains(where: { $0.utf8.count < 4 && message.contains($0) }) {
            return "The server's words are withheld: they hold a part of the password"
        }
        return secrets.reduce(message) { $0.replacing($1, with: "***") }
    }
}
