/// Which page of which list.
package struct ListRequest: Hashable, Sendable {
    package enum Version: Hashable, Sendable {
        /// As new as the cluster's own store: the answer costs the server a quorum read.
        case newest
        /// Not older than this one: the answer may come from the server's cache.
        case notOlderThan(String)
        /// The next page of a list that was begun; its version stands in the token.
        case next(String)
    }

    package var version: Version
    /// The most objects of a page.
    package var limit: Int
    /// The most bytes of a page.
    package var byteLimit: Int

    package init(version: Version, limit: Int, byteLimit: Int = PageSize.byteLimit) {
        self.version = version
        self.limit = limit
        self.byteLimit = byteLimit
    }
}
