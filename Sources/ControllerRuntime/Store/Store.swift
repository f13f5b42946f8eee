import AsyncSupport
public import KubernetesModel
import Synchronization

/// What is waited for before a controller's first worker starts.
public protocol SyncedStore: Sendable {
    /// The resource's name, for people.
    var name: String { get }
    /// Whether the first list is in the store and every handler has seen it.
    var hasSynced: Bool { get }
    /// Returns when `hasSynced` is true; throws `CancellationError`.
    func waitUntilSynced() async throws
}

/// The objects of one resource as a list and a watch have told them, by name and by indexes.
///
/// Reads see every change at once. Handlers run after it, outside the lock and in the order of the changes; they may
/// run on the caller's thread or on that of a change just before, so they must be quick and never wait.
///
/// For example:
/// ```swift
/// let jobs = Store<Job>(indexers: ["request": { $0.metadata.controller.map { [$0.uid] } ?? [] }])
/// jobs.addHandler { change in queue.add(change.object.key) }
/// let mine = jobs.indexed(by: "request", value: request.metadata.uid)
/// ```
public final class Store<R: KubernetesResource>: SyncedStore {
    private struct Guarded {
        var objects: StoreState<R>
        var delivery = StoreDelivery<R>()
        var isInstalled = false
        var readability: [@Sendable (ObjectKey) -> Void] = []
        var lookedAt = 0

        /// Tells of those that came to be undecodable or to be so no more; nil where there are none.
        func turned(since before: [ObjectKey: UndecodableObject]) -> (@Sendable () -> Void)? {
            let after = objects.undecodable
            // It is empty nearly always.
            if before.isEmpty, after.isEmpty { return nil }
            let keys = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            if keys.isEmpty { return nil }
            return { [readability] in
                for key in keys {
                    for handler in readability { handler(key) }
                }
            }
        }
    }

    private let guarded: Mutex<Guarded>
    private let gate = Gate()

    public let name: String

    public init(
        name: String = R.resourceKind.qualifiedName, indexers: [String: @Sendable (R) -> [String]] = [:],
        orders: [any StoreOrdering<R>] = []
    ) {
        self.name = name
        guarded = Mutex(Guarded(objects: StoreState(indexers: indexers, orders: orders)))
    }

    // MARK: Reading

    public func get(_ key: ObjectKey) -> R? { guarded.withLock { $0.objects.objects[key]?.object } }

    /// The version at which the object of that name was first seen, while it is there.
    public func firstVersion(of key: ObjectKey) -> String? {
        guarded.withLock { $0.objects.objects[key]?.firstVersion }
    }

    /// Every object, in no particular order.
    public func all() -> [R] {
        guarded.withLock { guarded in
            guarded.lookedAt += guarded.objects.objects.count
            // Not by a key path, which costs several times as much.
            return guarded.objects.objects.values.map { $0.object }
        }
    }

    /// Every object, in no particular order, without a copy of it.
    public func allStored() -> [Stored<R>] {
        guarded.withLock { guarded in
            guarded.lookedAt += guarded.objects.objects.count
            return Array(guarded.objects.objects.values)
        }
    }

    /// The values that the indexer of that name gives any object, in no particular order.
    public func values(of index: String) -> [String] { guarded.withLock { $0.objects.indexes[index]?.all ?? [] } }

    /// The objects that the indexer of that name gives that value, in no particular order.
    public func indexed(by index: String, value: String) -> [R] {
        guarded.withLock { guarded in
            guard let found = guarded.objects.indexes[index] else {
                preconditionFailure("The store of \(name) has no index \(index)")
            }
            let keys = found.keys(of: value)
            guarded.lookedAt += keys.count
            return keys.compactMap { guarded.objects.objects[$0]?.object }
        }
    }

    /// How many objects the indexer of that name gives that value.
    public func count(by index: String, value: String) -> Int {
        guarded.withLock { $0.objects.indexes[index]?.keys(of: value).count ?? 0 }
    }

    /// How many objects reads have looked at since the start: what a change costs, whatever the machine.
    var lookedAt: Int { guarded.withLock { $0.lookedAt } }

    /// Takes from the front of a group's line what `bounds` says of it: how many, and before which position.
    func walk<Position>(
        _ group: String, _ order: StoreOrder<R, Position>,
        _ bounds: (OrderedIndex<R, Position>.Line) -> (limit: Int, position: Position?)
    ) -> [R] {
        guarded.withLock { guarded in
            guard let index = guarded.objects.orders[order.name] as? OrderedIndex<R, Position> else {
                preconditionFailure("The store of \(name) has no order \(order.name)")
            }
            guard let line = index.lines[group] else { return [] }
            let (limit, position) = bounds(line)
            var found: [R] = []
            line.entries.walk { entry in
                guard found.count < limit, position.map({ entry.position < $0 }) ?? true else { return false }
                guarded.lookedAt += 1
                if guarded.objects.undecodable[entry.key] == nil,
                    let object = guarded.objects.objects[entry.key]?.object
                {
                    found.append(object)
                }
                return true
            }
            return found
        }
    }

    public var count: Int { guarded.withLock { $0.objects.objects.count } }

    /// How many objects have a spec that counts for nothing, as `specFault` says.
    public var refusedSpecs: Int { guarded.withLock { $0.objects.refusedSpecs } }

    /// Up to where the list and the watch have told everything; empty before.
    public var resourceVersion: String { guarded.withLock { $0.objects.resourceVersion } }

    /// Objects whose present state doesn't decode: what `get` says of them is older, or nothing.
    public var undecodable: Set<ObjectKey> { guarded.withLock { Set($0.objects.undecodable.keys) } }

    /// What could be read of an object whose present state doesn't decode; nil for every other. Nothing may be written on
    /// the strength of what `get` says of it.
    public func undecodable(_ key: ObjectKey) -> UndecodableObject? {
        guarded.withLock { $0.objects.undecodable[key] }
    }

    /// Calls the handler with each object that doesn't decode from here on, and first with those there are; and again when
    /// it decodes or is gone. What is told of it otherwise may come before or after.
    public func addReadabilityHandler(_ handler: @escaping @Sendable (ObjectKey) -> Void) {
        let keys = guarded.withLock { guarded in
            guarded.readability.append(handler)
            return guarded.objects.undecodable.keys
        }
        for key in keys { handler(key) }
    }

    public var hasSynced: Bool { gate.isOpen }

    public func waitUntilSynced() async throws { try await gate.wait() }

    /// Calls the handler with every change from here on, and first with an `added` for every object there is.
    public func addHandler(_ handler: @escaping @Sendable (StoreChange<R>) -> Void) {
        let mustTell = guarded.withLock { guarded in
            guarded.delivery.add(handler, existing: guarded.objects.objects.values)
            return guarded.delivery.begin()
        }
        if mustTell { tell() }
    }

    // MARK: Write-back

    /// Takes over the API server's answer to a create, update or patch, so that the next look sees it.
    ///
    /// It counts only if it is newer than what is known. The watch's event of the same version fires nothing again, and
    /// an object whose deletion the watch has told already stays deleted. Record only objects that the store's
    /// selection covers: the watch says nothing of the others, and they would stay for ever.
    ///
    /// `cameBack`: it had left the selection and is in it again, which the watch tells as the end of an object too.
    public func record(_ written: R, cameBack: Bool = false) {
        change { $0.record(written.trimmedForCache, cameBack: cameBack, &$1) }
    }

    /// Forgets an object that is there still and of which nobody asks anything any more. No handler is told; should it
    /// change, or be listed again, it comes back as added.
    public func discard(_ object: R) {
        guarded.withLock { $0.objects.discard(object.key, uid: object.metadata.uid) }
    }

    // MARK: What the reflector tells

    func observe(_ object: R) {
        change { $0.observe(object.trimmedForCache, &$1) }
    }

    func observeDeletion(of last: R) {
        change { $0.observeDeletion(of: last.trimmedForCache, &$1) }
    }

    func observeDeletion(of object: UndecodableObject) {
        change { $0.observeDeletion(of: object, &$1) }
    }

    func observeBookmark(_ resourceVersion: String) {
        guarded.withLock { $0.objects.observeBookmark(resourceVersion) }
    }

    func observeUndecodable(_ object: UndecodableObject) {
        change { state, _ in state.observeUndecodable(object) }
    }

    /// Takes over a complete list of objects that are trimmed already.
    func replace(
        with list: some Collection<Stored<R>>, unreadable: [ObjectKey: UndecodableObject] = [:],
        resourceVersion: String
    ) {
        let (mustTell, turned) = guarded.withLock { guarded in
            var changes: [StoredChange<R>] = []
            let before = guarded.objects.undecodable
            guarded.objects.replace(
                with: list, unreadable: unreadable, resourceVersion: resourceVersion, &changes)
            guarded.delivery.append(changes)
            if !guarded.isInstalled {
                guarded.isInstalled = true
                guarded.delivery.appendSynced()
            }
            return (guarded.delivery.begin(), guarded.turned(since: before))
        }
        if mustTell { tell() }
        turned?()
    }

    /// Whether such a list can't follow what is known.
    func isContradicted(by list: some Collection<Stored<R>>, resourceVersion: String) -> Bool {
        guarded.withLock { $0.objects.isContradicted(by: list, resourceVersion: resourceVersion) }
    }

    private func change(_ body: (inout StoreState<R>, inout [StoredChange<R>]) -> Void) {
        let (mustTell, turned) = guarded.withLock { guarded in
            var changes: [StoredChange<R>] = []
            let before = guarded.objects.undecodable
            body(&guarded.objects, &changes)
            guarded.delivery.append(changes)
            return (guarded.delivery.begin(), guarded.turned(since: before))
        }
        if mustTell { tell() }
        turned?()
    }

    private func tell() {
        while let batch = guarded.withLock({ $0.delivery.takeBatch() }) {
            for entry in batch.entries {
                guard let change = entry.change else {
                    gate.open()
                    continue
                }
                let told = change.told
                for handler in batch.handlers[entry.handlers] { handler(told) }
            }
        }
    }
}

/// What became of one object of a store.
public enum StoreChange<R: KubernetesResource>: Sendable {
    case added(R)
    case updated(old: R, new: R)
    /// The object as it was last seen. A deletion that fell into a gap of the watch shows an older state than the final.
    case deleted(R)

    /// The object after the change, or the last state of a deleted one.
    public var object: R {
        switch self {
        case .added(let object), .updated(_, let object), .deleted(let object): object
        }
    }
}
