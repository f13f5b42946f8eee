public import KubernetesClient
import KubernetesModel

extension Store {
    /// Takes over what the API server has at this moment, where that is newer than what the watch has told so far.
    ///
    /// Deletions are left to the watch: a caller that counts something deleted as there only waits a little longer.
    public func catchUp(with source: ClientListerWatcher<R>, pageSize: Int = 500) async throws(KubernetesError) {
        var size = PageSize(pageSize)
        var request = ListRequest(version: .newest, limit: size.count)
        while true {
            let page: ListPage<R>
            do throws(KubernetesError) {
                page = try await source.list(request)
            } catch {
                guard error.isAnswerTooLarge, size.shrink() else { throw error }
                request.limit = size.count
                continue
            }
            for object in page.items { record(object) }
            guard let token = page.continue, !token.isEmpty else { return }
            request.version = .next(token)
        }
    }
}
