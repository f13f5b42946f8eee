/// One page of a list.
package struct ResourceList<Item: KubernetesResource>: Decodable, Sendable {
    package struct Metadata: Decodable, Sendable {
        package var resourceVersion: String?
        package var `continue`: String?
        package var remainingItemCount: Int64?
    }

    package var metadata: Metadata
    package var items: [Item]

    private enum CodingKeys: String, CodingKey { case metadata, items }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(Metadata.self, forKey: .metadata)
        // A Go server writes `null` for an empty list.
        items = try container.decodeIfPresent([Item].self, forKey: .items) ?? []
    }
}
