package import KubernetesModel

extension APIState {
    /// One round of the garbage collector: what it finds now, and not what comes of it.
    package mutating func collectGarbage() {
        let uids = Set(objects.values.flatMap { $0.values.map(\.uid) })
        let present = objects.keys.sorted().flatMap { resource in all(resource).map { (resource, $0) } }
        for (resource, object) in present {
            if object.isDeleting, object.finalizers.contains(Self.foreground) {
                let dependents = present.filter { $0.1.owners.contains { $0.isBlocking(object.uid) } }
                if dependents.isEmpty { removeFinalizer(Self.foreground, resource, object.key) }
                for (kind, dependent) in dependents where !dependent.isDeleting {
                    try? delete(kind, dependent.key, .object(["propagationPolicy": .string("Background")]))
                }
            } else if object.isDeleting, object.finalizers.contains(Self.orphan) {
                for (kind, dependent) in present where dependent.owners.contains(where: { $0.refers(to: object.uid) }) {
                    let others = dependent.owners.filter { !$0.refers(to: object.uid) }
                    _ = try? patch(kind, dependent.key, .metadata(["ownerReferences": .array(others)]))
                }
                removeFinalizer(Self.orphan, resource, object.key)
            } else if !object.isDeleting, !object.owners.isEmpty,
                !object.owners.contains(where: { uids.contains($0["uid"]?.string ?? "") })
            {
                try? delete(resource, object.key, .object(["propagationPolicy": .string("Background")]))
            }
        }
    }

    private mutating func removeFinalizer(_ finalizer: String, _ resource: String, _ key: ObjectKey) {
        guard let object = object(resource, key) else { return }
        let rest = object.finalizers.filter { $0 != finalizer }
        _ = try? patch(resource, key, .metadata(["finalizers": .strings(rest)]))
    }
}

extension JSONValue {
    package static func metadata(_ members: JSONObject) -> JSONValue {
        .object(["metadata": .object(members)])
    }

    fileprivate func refers(to uid: String) -> Bool { self["uid"]?.string == uid }

    fileprivate func isBlocking(_ uid: String) -> Bool { refers(to: uid) && self["blockOwnerDeletion"] == .bool(true) }
}
