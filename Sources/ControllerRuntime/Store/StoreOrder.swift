public import KubernetesModel

/// What objects are queued for, and where: an index of a store that keeps each group in order.
///
/// For example:
/// ```swift
/// static let waiting = StoreOrder<ReportRequest, QueuePosition>("waiting") { request, version in … }
/// let store = Store<ReportRequest>(orders: [waiting])
/// let next = store.front(of: group, in: waiting)
/// ```
public struct StoreOrder<R: KubernetesResource, Position: Comparable & Sendable>: Sendable {
    /// The place of one object.
    public struct Place: Sendable {
        public var group: String
        public var position: Position
        /// How many of its group's first it counts itself among to be concerned when one of them goes.
        public var reach: Int

        public init(group: String, position: Position, reach: Int = 1) {
            self.group = group
            self.position = position
            self.reach = reach
        }
    }

    public let name: String
    /// Of an object, and of the version at which the store first saw it. Nil for what isn't in any order. Pure and total.
    let place: @Sendable (R, _ firstVersion: String) -> Place?

    public init(_ name: String, place: @escaping @Sendable (R, _ firstVersion: String) -> Place?) {
        self.name = name
        self.place = place
    }
}

/// A `StoreOrder` of whatever position, for a store to keep.
public protocol StoreOrdering<Resource>: Sendable {
    associatedtype Resource: KubernetesResource
    var name: String { get }
    /// An index with nothing in it.
    func emptyIndex() -> any OrderedIndexing<Resource>
}

extension StoreOrder: StoreOrdering {
    public func emptyIndex() -> any OrderedIndexing<R> { OrderedIndex(order: self) }
}

public protocol OrderedIndexing<Resource>: Sendable {
    associatedtype Resource: KubernetesResource
    mutating func replace(_ old: Stored<Resource>?, with new: Stored<Resource>?, key: ObjectKey)
}

/// The lines of one order, by group.
struct OrderedIndex<R: KubernetesResource, Position: Comparable & Sendable>: OrderedIndexing {
    struct Line: Sendable {
        var entries = SortedLine<Position>()
        /// How many have which reach.
        var reaches: [Int: Int] = [:]
    }

    let order: StoreOrder<R, Position>
    private(set) var lines: [String: Line] = [:]

    init(order: StoreOrder<R, Position>) {
        self.order = order
    }

    mutating func replace(_ old: Stored<R>?, with new: Stored<R>?, key: ObjectKey) {
        let before = old.flatMap { order.place($0.object, $0.firstVersion) }
        let after = new.flatMap { order.place($0.object, $0.firstVersion) }
        if let before, let after, before.group == after.group, before.position == after.position,
            before.reach == after.reach
        {
            return
        }
        if let before {
            lines[before.group]?.entries.remove(key, at: before.position)
            lines[before.group]?.reaches.subtract(before.reach)
            if lines[before.group]?.entries.isEmpty == true { lines[before.group] = nil }
        }
        if let after {
            lines[after.group, default: Line()].entries.insert(key, at: after.position)
            lines[after.group]?.reaches[after.reach, default: 0] += 1
        }
    }
}

extension [Int: Int] {
    fileprivate mutating func subtract(_ reach: Int) {
        guard let count = self[reach] else { return }
        self[reach] = count > 1 ? count - 1 : nil
    }
}

extension Store {
    /// The first of a group: as many as the one that reaches furthest is concerned with. Those that can't be read are
    /// passed over, since nothing can be done for them.
    public func front<Position>(of group: String, in order: StoreOrder<R, Position>) -> [R] {
        walk(group, order) { line in (line.reaches.keys.max() ?? 0, nil) }
    }

    /// Those of a group that are before a position, the first of them, and no more than `limit`.
    public func first<Position>(
        _ limit: Int, of group: String, before position: Position, in order: StoreOrder<R, Position>
    ) -> [R] {
        walk(group, order) { _ in (limit, position) }
    }
}
