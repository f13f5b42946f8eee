import KubernetesClient
public import KubernetesModel
public import ReportAPI
import ReportPlanning

/// Lists from their first page to their last.
extension ReportCluster {
    public func tables(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil
    ) async throws(ClientError) -> [ResourceTable] {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var pages: [ResourceTable] = []
        repeat {
            let page = try await ask(selector) { client throws(KubernetesError) in
                try await client.table(kind, namespace: namespace, options: options)
            }
            options.continue = page.metadata?.continue
            pages.append(page)
        } while options.continue?.isEmpty == false
        return pages
    }

    /// A `List` with every item, as `kubectl get -o json` has it.
    public func wholeList(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil
    ) async throws(ClientError) -> JSONValue {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var items: [JSONValue] = []
        repeat {
            let page = try await ask(selector) { client throws(KubernetesError) in
                try await client.wholeList(kind, namespace: namespace, options: options)
            }
            items += page["items"]?.array ?? []
            options.continue = page["metadata"]?["continue"]?.string
        } while options.continue?.isEmpty == false
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
