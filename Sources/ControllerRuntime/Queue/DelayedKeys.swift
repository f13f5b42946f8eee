/// Keys that become due later: a heap by time that keeps each key's earliest.
struct DelayedKeys<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        var due: Duration
        var key: Key
    }

    /// A binary heap. An entry counts only if `earliest` says the same; the others are left over and dropped on the way.
    private var heap: [Entry] = []
    private var earliest: [Key: Duration] = [:]

    /// When the first key becomes due.
    var nextDue: Duration? { heap.first?.due }

    /// Keeps the earlier of the two times of a key that is here already.
    mutating func insert(_ key: Key, due: Duration) {
        if let known = earliest[key], known <= due { return }
        earliest[key] = due
        heap.append(Entry(due: due, key: key))
        siftUp(heap.count - 1)
        if heap.count > 2 * earliest.count + 32 { compact() }
    }

    mutating func popDue(now: Duration) -> Key? {
        while let first = heap.first, first.due <= now {
            removeFirst()
            if earliest[first.key] == first.due {
                earliest[first.key] = nil
                dropLeftovers()
                return first.key
            }
        }
        dropLeftovers()
        return nil
    }

    /// Keeps a time of the heap's top that counts, so that nobody wakes for nothing.
    private mutating func dropLeftovers() {
        while let first = heap.first, earliest[first.key] != first.due { removeFirst() }
    }

    private mutating func compact() {
        let entries = earliest.map { Entry(due: $0.value, key: $0.key) }
        // An array in ascending order is a heap.
        heap = entries.sorted { $0.due < $1.due }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            let children = (2 * parent + 1)..<min(2 * parent + 3, max(heap.count, 2 * parent + 1))
            for child in children where heap[child].due < heap[least].due { least = child }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private mutating func siftUp(_ position: Int) {
        var child = position
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent].due <= heap[child].due { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }
}
