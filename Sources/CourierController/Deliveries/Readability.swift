import FoundationEssentials
import Synchronization

/// Since when MongoDB could be read without a break.
final class Readability: Sendable {
    private let since = Mutex<Date?>(nil)
    private let now: @Sendable () -> Date

    /// `now`: the clock that deliveries are planned by.
    init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// It could be read.
    func found() -> Date {
        since.withLock { since in
            let date = since ?? now()
            since = date
            return date
        }
    }

    /// It couldn't.
    func lost() { since.withLock { $0 = nil } }
}
