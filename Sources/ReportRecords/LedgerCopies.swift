/// What the ledger has of a delivery or a report, as far as it can be read.
public struct LedgerCopies: Hashable, Sendable {
    public var readable: [DeliveryCopy]
    /// What these are about may have been sent, to whomever.
    public var unreadable: [UnreadableCopy]

    public init(readable: [DeliveryCopy] = [], unreadable: [UnreadableCopy] = []) {
        self.readable = readable
        self.unreadable = unreadable
    }

    /// For people: that there is more than is told, and why; nil where all of it can be read.
    public var fault: String? {
        guard let first = unreadable.first else { return nil }
        return "\(first)" + (unreadable.count > 1 ? "; and \(unreadable.count - 1) more" : "")
    }
}
