internal import CMongoC
internal import Glibc
internal import Logging
import Synchronization

/// libmongoc's state for the whole process.
enum MongoGlobal {
    /// Initialises the library, once however often and from wherever it is called; its messages go to `logger` from then
    /// on, instead of to standard error.
    ///
    /// There is no `mongoc_cleanup`: the library can't be initialised a second time, and others may use it still.
    static func initialize(logger: Logger) {
        _ = isInitialized
        receiver.withLock { $0 = logger }
    }

    /// For what needs the library before there is a client.
    static func initialize() { _ = isInitialized }

    /// Gives a file back that the library, from the moment it is loaded, keeps its counters in for other programs to read:
    /// `/dev/shm/mongoc-PID`. It goes with `mongoc_cleanup` alone, so a program that just ends would leave one each time.
    static func discardCounters() { shm_unlink("/mongoc-\(getpid())") }

    private static let receiver = Mutex<Logger?>(nil)

    // A static is initialised once, under a lock.
    private static let isInitialized: Bool = {
        // Silent until here: see `silenceWhileLoading`.
        mongoc_log_set_handler({ level, domain, text, _ in MongoGlobal.log(level, domain, text) }, nil)
        mongoc_init()
        return true
    }()

    private static func log(
        _ level: mongoc_log_level_t, _ domain: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?
    ) {
        guard let text, let logger = receiver.withLock({ $0 }) else { return }
        let ours: Logger.Level =
            switch level {
            // What fails, fails a call too, which tells it better.
            case MONGOC_LOG_LEVEL_ERROR, MONGOC_LOG_LEVEL_CRITICAL, MONGOC_LOG_LEVEL_WARNING: .warning
            case MONGOC_LOG_LEVEL_MESSAGE, MONGOC_LOG_LEVEL_INFO: .info
            default: .trace
            }
        // It may quote the connection string's values.
        let parts = String(cString: text).split { $0 == "\n" }.joined(separator: " ")
            .split(separator: "\"", omittingEmptySubsequences: false)
        let message = parts.enumerated().map { $0.offset % 4 == 3 ? "…" : String($0.element) }.joined(separator: "\"")
        logger.log(
            level: ours, "MongoDB driver message",
            metadata: ["message": "\(message)", "area": "\(domain.map { String(cString: $0) } ?? "")"])
    }
}

/// The library initialises itself when it is loaded, long before `main`, and writes to standard error meanwhile: that it
/// does without its file of counters, where a process of the same id that was killed has left one. The dynamic linker
/// calls this before any library's own code. `nil` isn't a handler, so nothing is written.
@section(".preinit_array") @used
private let silenceWhileLoading: @convention(c) () -> Void = { mongoc_log_set_handler(nil, nil) }
