/// What a list request asks for.
package struct ListOptions: Hashable, Sendable {
    package enum ResourceVersionMatch: String, Hashable, Sendable {
        case exact = "Exact"
        case notOlderThan = "NotOlderThan"
    }

    package var labelSelector: String?
    package var fieldSelector: String?
    /// The most items of a page; nil for all at once.
    package var limit: Int?
    /// The most bytes of a page; nil for 256 MiB. This is ours to keep: the server knows only `limit`.
    package var byteLimit: Int?
    /// The token of the page before. `resourceVersion` and its match aren't sent then: the token holds them.
    package var `continue`: String?
    /// nil: as new as the store itself; `0`: whatever the server has at hand.
    package var resourceVersion: String?
    package var resourceVersionMatch: ResourceVersionMatch?

    package init(
        labelSelector: String? = nil,
        fieldSelector: String? = nil,
        limit: Int? = nil,
        byteLimit: Int? = nil,
        continue: String? = nil,
        resourceVersion: String? = nil,
        resourceVersionMatch: ResourceVersionMatch? = nil
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.byteLimit = byteLimit
        self.continue = `continue`
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
    }
}
