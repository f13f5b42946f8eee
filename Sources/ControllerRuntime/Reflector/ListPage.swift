package import KubernetesModel

/// One page of a list.
package struct ListPage<R: KubernetesResource>: Sendable {
    package var items: [R]
    package var undecodable: [UndecodableObject]
    /// The list's version, not that of any item.
    package var resourceVersion: String
    /// The token for the next page; nil or empty on the last.
    package var `continue`: String?

    package init(
        items: [R], undecodable: [UndecodableObject] = [], resourceVersion: String, continue: String? = nil
    ) {
        self.items = items
        self.undecodable = undecodable
        self.resourceVersion = resourceVersion
        self.continue = `continue`
    }
}
