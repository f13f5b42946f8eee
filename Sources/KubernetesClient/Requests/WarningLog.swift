import HTTPTransport
import Logging
import Synchronization

/// Logs the server's `Warning` headers, such as that of a deprecated version, each text once.
final class WarningLog: Sendable {
    /// Texts beyond this number are neither remembered nor logged: something puts a counter into them.
    private static let limit = 256

    private let logger: Logger
    private let seen = Mutex<Set<String>>([])

    init(logger: Logger) {
        self.logger = logger
    }

    func log(_ headers: HTTPHeaders) {
        for value in headers.values("Warning") {
            guard let text = Self.text(of: value) else { continue }
            let isNew = seen.withLock { $0.count < Self.limit && $0.insert(text).inserted }
            if isNew { logger.warning("The API server warns", metadata: ["warning": "\(text)"]) }
        }
    }

    /// The text of `299 - "text"`, with its escapes undone; nil for other codes.
    static func text(of value: String) -> String? {
        guard value.hasPrefix("299 "), let quote = value.firstIndex(of: "\"") else { return nil }
        var text = ""
        var escaped = false
        for character in value[value.index(after: quote)...] {
            if escaped {
                text.append(character)
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else if character == "\"" {
                return text
            } else {
                text.append(character)
            }
        }
        return nil
    }
}
