import AsyncSupport
package import KubernetesModel
import Synchronization

/// What is waited for before a controller's first worker starts.
package protocol SyncedStore: Sendable {
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
package final class Store<R: KubernetesResource>: SyncedStore {
    private struct Guarded {
        var objects: StoreState<R>
        var delivery = StoreDelivery<R>()
        var isInstalled = false
    }

    private let guarded: Mutex<Guarded>
    private let gate = Gate()

    package let name: String

    package init(
        name: String = R.resourceKind.qualifiedName, indexers: [String: @Sendable (R) -> [String]] = [:]
    ) {
        self.name = name
        guarded = Mutex(Guarded(objects: StoreState(indexers: indexers)))
    }

    // MARK: Reading

    package func get(_ key: ObjectKey) -> R? { guarded.withLock { $0.objects.objects[key]?.object } }

    /// Every object, in no particular order.
    package func all() -> [R] { guarded.withLock { $0.objects.objects.values.map(\.object) } }

    /// The objects that the indexer of that name gives that value, in no particular order.
    package func indexed(by index: String, value: String) -> [R] {
        guarded.withLock { guarded in
            guard let found = guarded.objects.indexes[index] else {
                preconditionFailure("The store of \(name) has no index \(index)")
            }
            return found.keys(of: value).compactMap { guarded.objects.objects[$0]?.object }
        }
    }

    package var count: Int { guarded.withLock { $0.objects.objects.count } }

    /// Objects whose present state doesn't decode: what `get` says of them is older, or nothing.
    package var undecodable: Set<ObjectKey> { guarded.withLock { Set($0.objects.undecodable.keys) } }

    package var hasSynced: Bool { gate.isOpen }

    package func waitUntilSynced() async throws { try await gate.wait() }

    /// Calls the handler with every change from here on, and first with an `added` for every object there is.
    package func addHandler(_ handler: @escaping @Sendable (StoreChange<R>) -> Void) {
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
    package func record(_ written: R, cameBack: Bool = false) {
        change { $0.record(written.trimmedForCache, cameBack: cameBack, &$1) }
    }

    // MARK: What the reflector tells

    func observe(_ object: R) {
        change { $0.observe(object.trimmedForCache, &$1) }
    }

    func observeDeletion(of last: R) {
        change { $0.observeDeletion(of: last.trimmedForCache, &$1) }
    }

    func observeBookmark(_ resourceVersion: String) {
        guarded.withLock { $0.objects.observeBookmark(resourceVersion) }
    }

    func observeUndecodable(_ key: ObjectKey, resourceVersion: String) {
        guarded.withLock { $0.objects.observeUndecodable(key, resourceVersion: resourceVersion) }
    }

    /// Takes over a complete list of objects that are trimmed already.
    func replace(
        with list: some Collection<Stored<R>>, unreadable: [ObjectKey: String] = [:], resourceVersion: String,
        rewound: Bool = false
    ) {
        let mustTell = guarded.withLock { guarded in
            var changes: [StoredChange<R>] = []
            guarded.objects.replace(
                with: list, unreadable: unreadable, resourceVersion: resourceVersion, rewound: rewound, &changes)
            guarded.delivery.append(changes)
            if !guarded.isInstalled {
                guarded.isInstalled = true
                guarded.delivery.appendSynced()
            }
            return guarded.delivery.begin()
        }
        if mustTell { tell() }
    }

    private func change(_ body: (inout StoreState<R>, inout [StoredChange<R>]) -> Void) {
        let mustTell = guarded.withLock { guarded in
            var changes: [StoredChange<R>] = []
            body(&guarded.objects, &changes)
            guarded.delivery.append(changes)
            return guarded.delivery.begin()
        }
        if mustTell { tell() }
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
