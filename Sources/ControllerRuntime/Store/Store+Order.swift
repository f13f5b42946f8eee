import KubernetesModel

extension Store {
    /// The first of a group: as many as the one that reaches furthest is concerned with. Those that can't be read are
    /// passed over, since nothing can be done for them.
    package func front<Position>(of group: String, in order: StoreOrder<R, Position>) -> [R] {
        walk(group, order) { line in (line.reaches.keys.max() ?? 0, nil) }
    }

    /// Those of a group that stand before a position, the first of them, and no more than `limit`.
    package func first<Position>(
        _ limit: Int, of group: String, before position: Position, in order: StoreOrder<R, Position>
    ) -> [R] {
        walk(group, order) { _ in (limit, position) }
    }
}
