import FoundationEssentials
import Synchronization

/// Since when MongoDB could be read without a break.
final class Readability: Sendable {
    private let since = Mutex<Date?>(nil)

    /// It could be read.
    func found() -> Date {
        since.withLock { since in
            let date = since ?? Date()
            since = date
            return date
        }
    }

    /// It couldn't.
    func lost() { since.withLock { $0 = nil } }
}
