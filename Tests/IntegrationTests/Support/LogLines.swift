import ClusterSupport
import Logging
import LoopbackSupport
import Synchronization

/// What was logged: a line for each message, with its metadata.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func contains(_ words: String...) -> Bool {
        all.contains { line in words.allSatisfy(line.contains) }
    }

    /// Waits for a line with all of those words.
    func wait(for words: String..., within limit: Duration = .seconds(120)) async throws {
        var seen = 0
        try await eventually("somebody logs \(words)", within: limit) {
            let new = lines.withLock { $0[seen...] }
            seen = new.endIndex
            return new.contains { line in words.allSatisfy(line.contains) }
        }
    }

    var logger: Logger {
        Logger(label: "operator", factory: { _ in Handler(lines: self) })
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let values = all.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            lines.lines.withLock { $0.append("\(event.level) \(event.message) \(values)") }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
