import Logging

/// What was logged: a line for each message, with its metadata.
struct LogLines: Sendable {
    let lines = Log<String>()

    var logger: Logger {
        Logger(label: "test", factory: { _ in Handler(lines: lines) })
    }

    private struct Handler: LogHandler {
        let lines: Log<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let values = all.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            lines.append("\(event.level) \(event.message) \(values)")
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
