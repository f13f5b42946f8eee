public import KubernetesClient

/// Which page of which list.
public struct ListRequest: Hashable, Sendable {
    public enum Version: Hashable, Sendable {
        /// As new as the cluster's own store: the answer costs the server a quorum read.
        case newest
        /// Not older than this one: the answer may come from the server's cache.
        case notOlderThan(String)
        /// The next page of a list that was begun; its version is in the token.
        case next(String)
    }

    public var version: Version
    /// The most objects of a page.
    public var limit: Int
    /// The most bytes of a page.
    public var byteLimit: Int

    public init(version: Version, limit: Int, byteLimit: Int = PageSize.byteLimit) {
        self.version = version
        self.limit = limit
        self.byteLimit = byteLimit
    }
}
