import KubernetesModel

/// The changes of a store that still have to be told, in order, and whether somebody tells them already.
///
/// Changes arise under the store's lock and handlers run outside it. A caller that finds nobody delivering starts to
/// deliver, until nothing is left; all others only leave changes behind. So the handlers see one order, the store's,
/// although the reflector and every worker change it, and a handler that writes to the store can't deadlock.
struct StoreDelivery<R: KubernetesResource>: Sendable {
    typealias Handler = @Sendable (StoreChange<R>) -> Void

    struct Entry: Sendable {
        var change: StoredChange<R>?
        /// The handlers that knew of the store when the change arose. A nil change opens the store's gate.
        var handlers: Range<Int>
    }

    struct Batch: Sendable {
        var entries: [Entry]
        var handlers: [Handler]
    }

    private(set) var handlers: [Handler] = []
    private var entries: [Entry] = []
    private var isTelling = false

    mutating func add(_ handler: @escaping Handler, existing: some Sequence<Stored<R>>) {
        handlers.append(handler)
        let newest = handlers.count - 1..<handlers.count
        for object in existing { entries.append(Entry(change: .added(object), handlers: newest)) }
    }

    mutating func append(_ changes: [StoredChange<R>]) {
        if handlers.isEmpty { return }
        for change in changes { entries.append(Entry(change: change, handlers: handlers.indices)) }
    }

    /// Marks the place in the order where the first list has been told completely.
    mutating func appendSynced() {
        entries.append(Entry(change: nil, handlers: 0..<0))
    }

    /// Whether the caller has become the one who tells; it then has to take batches until there is none.
    mutating func begin() -> Bool {
        if isTelling || entries.isEmpty { return false }
        isTelling = true
        return true
    }

    mutating func takeBatch() -> Batch? {
        if entries.isEmpty {
            isTelling = false
            return nil
        }
        defer { entries = [] }
        return Batch(entries: entries, handlers: handlers)
    }
}
