import KubernetesClient
public import KubernetesModel
public import ReportAPI
import ReportPlanning

/// Lists from their first page to their last.
extension ReportCluster {
    public func tables(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil
    ) async throws(ClientError) -> [ResourceTable] {
        try await pages(selector) { client, options throws(KubernetesError) in
            let page = try await client.table(kind, namespace: namespace, options: options)
            return (page, page.metadata?.continue)
        }
    }

    /// A `List` with every item, as `kubectl get -o json` has it.
    public func wholeList(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil
    ) async throws(ClientError) -> JSONValue {
        let pages = try await pages(selector) { client, options throws(KubernetesError) in
            let page = try await client.wholeList(kind, namespace: namespace, options: options)
            return (page["items"]?.array ?? [], page["metadata"]?["continue"]?.string)
        }
        let items = pages.joined()
        return .object([
            "apiVersion": .string("v1"), "kind": .string("List"), "items": .array(items.map(\.withoutManagedFields)),
        ])
    }

    public func items<Resource: KubernetesResource>(
        _ type: Resource.Type, namespace: String?, selector: String? = nil
    ) async throws(ClientError) -> [Resource] {
        try await items(type, namespace: namespace, selector: selector) { $0 }
    }

    /// `keep`: what to keep of an object; nil for nothing.
    private func items<Resource: KubernetesResource, Kept>(
        _ type: Resource.Type, namespace: String?, selector: String?, keep: (Resource) -> Kept?
    ) async throws(ClientError) -> [Kept] {
        try await ask(selector) { client throws(KubernetesError) in
            try await client.listAll(type, namespace: namespace, labelSelector: selector, keep: keep).kept
        }
    }

    /// The pods of a run: those that its Jobs own, not all that bear its labels.
    public func pods(of request: ReportRequest) async throws(ClientError) -> [Pod] {
        try await items(
            Pod.self, namespace: request.metadata.namespace,
            selector: "\(ReportsAPI.Label.requestUID)=\(request.metadata.uid)"
        ) { request.owns($0) ? $0 : nil }
    }

    /// All pages, none of which has more bytes than a page may have. `read` returns one, and the token of the next.
    private func pages<Page>(
        _ selector: String?,
        _ read: (KubernetesClient, ListOptions) async throws(KubernetesError) -> (page: Page, next: String?)
    ) async throws(ClientError) -> [Page] {
        var size = PageSize(500)
        var options = ListOptions(labelSelector: selector, byteLimit: PageSize.byteLimit)
        var pages: [Page] = []
        while true {
            options.limit = size.count
            let asked = options
            let result: Result<(page: Page, next: String?), ClientError>
            do throws(ClientError) {
                result = .success(
                    try await ask(selector) { client throws(KubernetesError) in try await read(client, asked) })
            } catch {
                result = .failure(error)
            }
            if case .failure(.api(let error)) = result, error.isAnswerTooLarge, size.shrink() { continue }
            let (page, next) = try result.get()
            pages.append(page)
            guard let next, !next.isEmpty else { return pages }
            options.continue = next
        }
    }

    /// As `ask`, where a selector may be what the server can't read.
    private func ask<Value>(
        _ selector: String?, _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(ClientError) -> Value {
        let result: Result<Value, ClientError>
        do throws(ClientError) { result = .success(try await ask(request)) } catch { result = .failure(error) }
        // Nothing else of a list's query is typed by anybody.
        if case .failure(.api(let error)) = result, error.code == 400, let selector { throw .selector(selector, error) }
        return try result.get()
    }
}
