/// How many objects a page of a list may have: fewer after one that was longer than what is read at once, so that a few
/// large objects never make the process larger than the memory it may have.
public struct PageSize: Sendable {
    /// The most bytes of a page: far above the largest object that a store takes (1.5 MiB), so that the smallest page fits.
    public static let byteLimit = 16 << 20

    private let largest: Int
    public private(set) var count: Int

    public init(_ largest: Int) {
        self.largest = largest
        count = largest
    }

    /// After a page that was too large. False when it can't be smaller.
    public mutating func shrink() -> Bool {
        guard count > 1 else { return false }
        count = max(1, count / 4)
        return true
    }

    /// After a list that was read to its end.
    public mutating func grow() { count = min(largest, count * 2) }
}
