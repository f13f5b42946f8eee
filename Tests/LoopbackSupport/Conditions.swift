import Synchronization

/// Waits until a condition holds; false if it does not within the limit.
package func eventually(
    within limit: Duration = .seconds(60), _ condition: () async -> Bool
) async -> Bool {
    let end = ContinuousClock.now + limit
    while await !condition() {
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}

/// Something that a server thread tells a test.
package final class Flag: Sendable {
    private let value = Atomic(false)

    package init() {}

    package var isRaised: Bool { value.load(ordering: .acquiring) }

    package func raise() {
        value.store(true, ordering: .releasing)
    }
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

    package func append(_ element: Element) {
        storage.withLock { $0.append(element) }
    }
}
