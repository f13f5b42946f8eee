import Synchronization

/// Waits until a condition holds; false if it does not within the limit.
func eventually(within limit: Duration = .seconds(60), _ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !condition() {
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}

/// Something that a server thread tells a test.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() {
        value.store(true, ordering: .releasing)
    }
}

/// A list that server threads append to.
final class Recorder<Element: Sendable>: Sendable {
    private let storage = Mutex<[Element]>([])

    var all: [Element] { storage.withLock { $0 } }

    func append(contentsOf elements: some Sequence<Element>) {
        storage.withLock { storage in
            for element in elements { storage.append(element) }
        }
    }

    func append(_ element: Element) {
        storage.withLock { $0.append(element) }
    }
}
