import KubernetesModel

/// What a store knows and the rules by which it learns: without a lock, a handler or a clock.
///
/// Two sources tell it about objects: the watch, which is complete but late, and write-backs, which are early but see
/// only what this process wrote. Resource versions say which of two states is the newer one.
struct StoreState<R: KubernetesResource>: Sendable {
    private(set) var objects: [ObjectKey: Stored<R>] = [:]
    private(set) var indexes: [String: StoreIndex<R>]
    private(set) var orders: [String: any OrderedIndexing<R>]
    /// Objects whose present state can't be decoded, and what could be read of it. Of what `objects` says of them nobody
    /// knows whether it holds still.
    private(set) var undecodable: [ObjectKey: UndecodableObject] = [:]
    /// How many objects have a spec that counts for nothing.
    private(set) var refusedSpecs = 0
    /// Up to where the list and the watch have told everything.
    private(set) var resourceVersion = ""
    private var tombstones = Tombstones(capacity: 256)

    init(indexers: [String: @Sendable (R) -> [String]], orders: [any StoreOrdering<R>] = []) {
        indexes = indexers.mapValues(StoreIndex.init(values:))
        self.orders = [:]
        for order in orders { self.orders[order.name] = order.emptyIndex() }
    }

    // MARK: The watch

    /// An object was added or modified.
    mutating func observe(_ object: R, _ changes: inout [StoredChange<R>]) {
        reach(object.metadata.resourceVersion)
        tombstones.remove(object.metadata.uid)
        undecodable[object.key] = nil
        if let existing = objects[object.key], !existing.isOlder(than: object) { return }
        put(Stored(object), &changes)
    }

    /// An object was deleted, or left the watch's selection.
    mutating func observeDeletion(of last: R, _ changes: inout [StoredChange<R>]) {
        reach(last.metadata.resourceVersion)
        tombstones.insert(last.metadata.uid)
        undecodable[last.key] = nil
        guard let existing = objects[last.key] else { return }
        if existing.metadata.uid == last.metadata.uid {
            // The end of a uid is final, whatever its version.
            remove(Stored(last), &changes)
        } else if existing.isOlder(than: last) {
            remove(existing, &changes)
        }
    }

    /// An object was deleted whose last state doesn't decode.
    mutating func observeDeletion(of last: UndecodableObject, _ changes: inout [StoredChange<R>]) {
        reach(last.resourceVersion)
        tombstones.insert(last.uid)
        undecodable[last.key] = nil
        if let existing = objects[last.key], existing.metadata.uid == last.uid { remove(existing, &changes) }
    }

    mutating func observeBookmark(_ version: String) {
        reach(version)
    }

    /// An object changed to something that doesn't decode. The last state that did is kept.
    mutating func observeUndecodable(_ object: UndecodableObject) {
        reach(object.resourceVersion)
        undecodable[object.key] = object
    }

    private mutating func reach(_ version: String) {
        if !version.isEmpty { resourceVersion = version }
    }

    // MARK: The list

    /// Takes over a complete list, and reports what differs.
    ///
    /// `unreadable` is what the list holds and doesn't decode.
    mutating func replace(
        with list: some Collection<Stored<R>>,
        unreadable: [ObjectKey: UndecodableObject],
        resourceVersion version: String,
        _ changes: inout [StoredChange<R>]
    ) {
        resourceVersion = version
        undecodable = unreadable
        removeAbsent(list: list, unreadable: unreadable, version: version, &changes)
        for object in list {
            tombstones.remove(object.metadata.uid)
            if let existing = objects[object.key] {
                let known = existing.metadata
                if known.uid == object.metadata.uid, known.resourceVersion == object.metadata.resourceVersion {
                    continue
                }
                // A write-back may be younger than the list. Of what is older the list knows best.
                if ResourceVersion.isOlder(version, than: known.resourceVersion) { continue }
            }
            put(object, &changes)
        }
    }

    /// Whether a list has an older state of an object than is known, though the list itself is as new as that: there is no such
    /// history, unless the cluster's store was set back and its versions were raised.
    func isContradicted(by list: some Collection<Stored<R>>, resourceVersion version: String) -> Bool {
        list.contains { object in
            guard let known = objects[object.key]?.metadata, known.uid == object.metadata.uid else { return false }
            let listed = object.metadata.resourceVersion
            return ResourceVersion.isNumber(listed) && ResourceVersion.isOlder(listed, than: known.resourceVersion)
                && !ResourceVersion.isOlder(version, than: known.resourceVersion)
        }
    }

    private mutating func removeAbsent(
        list: some Collection<Stored<R>>, unreadable: [ObjectKey: UndecodableObject], version: String,
        _ changes: inout [StoredChange<R>]
    ) {
        if objects.isEmpty { return }
        let listed = Set(list.lazy.map(\.key))
        let absent = objects.values.filter { object in
            if listed.contains(object.key) { return false }
            // Nothing else is known of its present state; another object that has its name says that it is gone.
            if let unread = unreadable[object.key], unread.uid.isEmpty || unread.uid == object.metadata.uid {
                return false
            }
            // A write-back may be younger than the list; the watch will tell of it.
            return !ResourceVersion.isOlder(version, than: object.metadata.resourceVersion)
        }
        for object in absent { remove(object, &changes) }
    }

    // MARK: Write-backs

    /// The API server's answer to a write of this process.
    mutating func record(_ written: R, cameBack: Bool = false, _ changes: inout [StoredChange<R>]) {
        if let unread = undecodable[written.key],
            ResourceVersion.isOlder(unread.resourceVersion, than: written.metadata.resourceVersion)
        {
            undecodable[written.key] = nil
        }
        if let existing = objects[written.key] {
            if existing.isOlder(than: written) { put(Stored(written), &changes) }
            return
        }
        // The watch has been past this version and left no such object: it was deleted since. The tombstone says the
        // same of servers whose versions can't be compared.
        if tombstones.contains(written.metadata.uid), !cameBack { return }
        if ResourceVersion.isOlder(resourceVersion, than: written.metadata.resourceVersion) {
            tombstones.remove(written.metadata.uid)
            put(Stored(written), &changes)
        }
    }

    /// Drops an object without a word.
    mutating func discard(_ key: ObjectKey, uid: String) {
        guard let existing = objects[key], existing.metadata.uid == uid else { return }
        reindex(objects.removeValue(forKey: key), nil, key: key)
    }

    // MARK: Changing the objects

    private mutating func put(_ object: Stored<R>, _ changes: inout [StoredChange<R>]) {
        let key = object.key
        let object = object.following(objects[key])
        let old = objects.updateValue(object, forKey: key)
        reindex(old, object, key: key)
        guard let old else { return changes.append(.added(object)) }
        if old.metadata.uid == object.metadata.uid { return changes.append(.updated(old: old, new: object)) }
        // Another object of the same name: the end of the first fell into a gap, or came as one MODIFIED.
        tombstones.insert(old.metadata.uid)
        changes.append(.deleted(old))
        changes.append(.added(object))
    }

    private mutating func remove(_ last: Stored<R>, _ changes: inout [StoredChange<R>]) {
        let key = last.key
        reindex(objects.removeValue(forKey: key), nil, key: key)
        tombstones.insert(last.metadata.uid)
        changes.append(.deleted(last))
    }

    private mutating func reindex(_ old: Stored<R>?, _ new: Stored<R>?, key: ObjectKey) {
        if old?.object.specFault != nil { refusedSpecs -= 1 }
        if new?.object.specFault != nil { refusedSpecs += 1 }
        for name in indexes.keys { indexes[name]?.replace(old?.object, with: new?.object, key: key) }
        for name in orders.keys { orders[name]?.replace(old, with: new, key: key) }
    }
}

extension Stored {
    fileprivate func isOlder(than other: R) -> Bool {
        ResourceVersion.isOlder(metadata.resourceVersion, than: other.metadata.resourceVersion)
    }
}
