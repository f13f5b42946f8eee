/// One page of a list.
package struct ResourceList<Item: KubernetesResource>: Decodable, Sendable {
    package struct Metadata: Decodable, Sendable {
        package var resourceVersion: String?
        package var `continue`: String?
        package var remainingItemCount: Int64?
    }

    package var metadata: Metadata
    package var items: [Item]
    /// The items that don't decode; `items` holds the rest.
    package var undecodable: [UndecodableObject]

    private enum CodingKeys: String, CodingKey { case metadata, items }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(Metadata.self, forKey: .metadata)
        items = []
        undecodable = []
        // A Go server writes `null` for an empty list.
        guard container.contains(.items), try !container.decodeNil(forKey: .items) else { return }
        var elements = try container.nestedUnkeyedContainer(forKey: .items)
        items.reserveCapacity(elements.count ?? 0)
        while !elements.isAtEnd {
            do {
                items.append(try elements.decode(Item.self))
            } catch {
                // A failed decode doesn't move on, so the same element is read again, for its name alone.
                var object = try elements.decode(UndecodableObject.self)
                object.message = (error as? DecodingError)?.pathAndReason ?? "\(error)"
                undecodable.append(object)
            }
        }
    }
}
