public import KubernetesModel

extension KubernetesClient {
    /// Every object that the selectors choose, read page by page, so that a few large objects of somebody else never make the
    /// process larger than the memory it may have: a page has at most `PageSize.byteLimit` bytes, and of each object only what
    /// `keep` returns outlives its page.
    ///
    /// For example, the names of a run's pods:
    ///
    ///     let pods = try await client.listAll(Pod.self, namespace: "finance", labelSelector: selector) { $0.metadata.name }
    ///
    /// `keep`: what to keep of an object, such as its trimmed form; nil for nothing. `maximumPages`: the rest isn't asked for.
    ///
    /// - Returns: what was kept, in the server's order, the objects that don't decode, and the list's version, from which a
    ///   watch goes on.
    /// - Throws: `isAnswerTooLarge` where one object alone is larger than a page may be, and what `list` throws.
    public func listAll<Resource: KubernetesResource, Kept>(
        _ type: Resource.Type, namespace: String?, labelSelector: String? = nil, fieldSelector: String? = nil,
        pageSize: Int = 500, maximumPages: Int = .max, keep: (Resource) -> Kept?
    ) async throws(KubernetesError) -> (kept: [Kept], undecodable: [UndecodableObject], resourceVersion: String) {
        var (kept, undecodable): ([Kept], [UndecodableObject]) = ([], [])
        var size = PageSize(pageSize)
        var token: String?
        var pages = 0
        var hasExpired = false
        while true {
            let options = ListOptions(
                labelSelector: labelSelector, fieldSelector: fieldSelector, limit: size.count,
                byteLimit: PageSize.byteLimit, continue: token)
            let page: ResourceList<Resource>
            do throws(KubernetesError) {
                page = try await list(type, namespace: namespace, options: options)
            } catch {
                if error.isExpired, token != nil, !hasExpired {
                    // The list was too old to be read on. Once more from its beginning.
                    (kept, undecodable, token, pages, hasExpired) = ([], [], nil, 0, true)
                    continue
                }
                guard error.isAnswerTooLarge, size.shrink() else { throw error }
                continue
            }
            kept += page.items.compactMap(keep)
            undecodable += page.undecodable
            pages += 1
            guard let next = page.metadata.continue, !next.isEmpty, pages < maximumPages else {
                return (kept, undecodable, page.metadata.resourceVersion ?? "")
            }
            token = next
        }
    }
}
