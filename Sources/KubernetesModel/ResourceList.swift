public import FoundationEssentials
internal import JSONReading

/// One page of a list.
public struct ResourceList<Item: KubernetesResource>: Sendable {
    public struct Metadata: Decodable, Sendable {
        public var resourceVersion: String?
        public var `continue`: String?
        public var remainingItemCount: Int64?
    }

    public var metadata: Metadata
    public var items: [Item]
    /// The items that don't decode; `items` holds the rest.
    public var undecodable: [UndecodableObject]

    /// Reads a page from JSON, item by item: whatever is wrong with one is its alone, and costs no more than it is long.
    public init(reading json: Data) throws {
        var metadata = Metadata()
        var items: [Item] = []
        var undecodable: [UndecodableObject] = []
        try JSONReader().readList("items", in: json) { name, decoder in
            if name == "metadata" { metadata = try Metadata(from: decoder) }
        } element: { decoder in
            do {
                items.append(try Item(from: decoder))
            } catch {
                undecodable.append(UndecodableObject(from: decoder, because: error))
            }
        }
        self.metadata = metadata
        self.items = items
        self.undecodable = undecodable
    }
}
