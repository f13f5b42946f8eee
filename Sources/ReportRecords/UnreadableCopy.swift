/// A document of `report_deliveries` that says something other than a courier of this version writes: edited by hand, or of a
/// later version.
public struct UnreadableCopy: Error, Hashable, Sendable, CustomStringConvertible {
    /// The document's; empty where that isn't even a text.
    public var id: String
    /// The field, and what is wrong with it.
    public var fault: String

    public init(id: String, fault: String) {
        self.id = id
        self.fault = fault
    }

    public var description: String {
        "the document \(id.isEmpty ? "without a readable _id" : "\"\(id)\"") of MongoDB's report_deliveries can't be read: "
            + fault
    }
}
