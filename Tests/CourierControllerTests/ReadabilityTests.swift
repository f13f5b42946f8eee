import Foundation
import Synchronization
import Testing

@testable import CourierController

/// Since when MongoDB can be read, by the clock that deliveries are planned by.
struct ReadabilityTests {
    @Test func itBeginsAnewAfterABreak() {
        let time = Mutex(0.0)
        let readability = Readability { Date(timeIntervalSince1970: time.withLock { $0 }) }
        func found() -> Double { readability.found().timeIntervalSince1970 }
        time.withLock { $0 = 100 }
        #expect(found() == 100)
        time.withLock { $0 = 200 }
        #expect(found() == 100)
        readability.lost()
        time.withLock { $0 = 300 }
        #expect(found() == 300)
    }
}
