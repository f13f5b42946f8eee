/// What a list request asks for.
public struct ListOptions: Hashable, Sendable {
    public enum ResourceVersionMatch: String, Hashable, Sendable {
        case exact = "Exact"
        case notOlderThan = "NotOlderThan"
    }

    public var labelSelector: String?
    public var fieldSelector: String?
    /// The most items of a page; nil for all at once.
    public var limit: Int?
    /// The most bytes of a page; nil for 256 MiB. This is ours to keep: the server knows only `limit`.
    public var byteLimit: Int?
    /// The token of the page before. `resourceVersion` and its match aren't sent then: the token holds them.
    public var `continue`: String?
    /// nil: as new as the store itself; `0`: whatever the server has in its cache.
    public var resourceVersion: String?
    public var resourceVersionMatch: ResourceVersionMatch?

    public init(
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
