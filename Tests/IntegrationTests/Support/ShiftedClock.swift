import Foundation
import Synchronization

/// A clock that a test can set forward.
final class ShiftedClock: Sendable {
    private let shift = Mutex<TimeInterval>(0)

    var now: Date { Date().addingTimeInterval(shift.withLock { $0 }) }

    func advance(by seconds: TimeInterval) { shift.withLock { $0 += seconds } }
}
