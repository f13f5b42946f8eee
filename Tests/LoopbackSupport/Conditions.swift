import Synchronization

/// A condition that didn't come true in time.
package struct DeadlineExceeded: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Waits until a condition holds, where nothing tells when it does: looks again and again, and gives up at the deadline.
/// `what` is said then, of the state as it is at that time; `interval` is longer where a look costs a process.
package func eventually(
    _ what: @autoclosure () -> String = "", within limit: Duration = .seconds(60),
    every interval: Duration = .milliseconds(5), file: String = #fileID, line: Int = #line,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            let what = what()
            throw DeadlineExceeded(description: "not in time, \(file):\(line)\(what.isEmpty ? "" : ": \(what)")")
        }
        try await Task.sleep(for: interval)
    }
}

/// Something that one thread tells another.
package final class Flag: Sendable {
    private let value = Atomic(false)

    package init() {}

    package var isRaised: Bool { value.load(ordering: .acquiring) }

    /// - Returns: whether it was down.
    @discardableResult
    package func raise() -> Bool { !value.exchange(true, ordering: .acquiringAndReleasing) }
}

/// A list that any thread appends to.
package final class Recorder<Element: Sendable>: Sendable {
    private let storage = Mutex<[Element]>([])

    package init() {}

    package var all: [Element] { storage.withLock { $0 } }

    package func append(contentsOf elements: some Sequence<Element>) {
        storage.withLock { storage in
            for element in elements { storage.append(element) }
        }
    }

    /// - Returns: how many there are with it.
    @discardableResult
    package func append(_ element: Element) -> Int {
        storage.withLock { storage in
            storage.append(element)
            return storage.count
        }
    }
}
