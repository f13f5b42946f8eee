import KubernetesModel

/// One index of a store: which objects have a value.
struct StoreIndex<R: KubernetesResource>: Sendable {
    /// The values an object is found by. Pure and total.
    let values: @Sendable (R) -> [String]
    private var keys: [String: Set<ObjectKey>] = [:]

    init(values: @escaping @Sendable (R) -> [String]) {
        self.values = values
    }

    /// The values of all objects, each once.
    var all: [String] { Array(keys.keys) }

    func keys(of value: String) -> Set<ObjectKey> { keys[value] ?? [] }

    mutating func replace(_ old: R?, with new: R?, key: ObjectKey) {
        let before = old.map(values) ?? []
        let after = new.map(values) ?? []
        if before == after { return }
        for value in before {
            keys[value]?.remove(key)
            if keys[value]?.isEmpty == true { keys[value] = nil }
        }
        for value in after { keys[value, default: []].insert(key) }
    }
}
