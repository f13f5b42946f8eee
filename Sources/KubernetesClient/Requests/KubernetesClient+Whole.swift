import JSONReading
public import KubernetesModel

/// Objects with everything that the server has of them, and lists as it would have them shown: for people, so that a value
/// that is nested too deep is left out with a word, and the rest is shown.
extension KubernetesClient {
    /// One object. `namespace` is nil for a resource that has none.
    public func whole(
        _ kind: ResourceKind, name: String, namespace: String?
    ) async throws(KubernetesError) -> JSONValue {
        try await shown(APIRequest(.get, ResourcePath(kind, namespace: namespace, name: name)))
    }

    /// One page of a list, of all namespaces where `namespace` is nil.
    public func wholeList(
        _ kind: ResourceKind, namespace: String?, options: ListOptions = ListOptions()
    ) async throws(KubernetesError) -> JSONValue {
        try await shown(listRequest(kind, namespace, options))
    }

    /// Creates an object of any kind and returns what the server made of it; see `create` for names.
    public func createWhole(
        _ kind: ResourceKind, manifest: JSONValue, namespace: String?
    ) async throws(KubernetesError) -> JSONValue {
        let path = ResourcePath(kind, namespace: namespace)
        var request = APIRequest(.create, path, query: [("fieldManager", sender.fieldManager)])
        try request.setBody(manifest, contentType: "application/json")
        request.mayBeSent = mayWrite
        return try await shown(request)
    }

    /// Has the server say what it would to that manifest, and changes nothing: as a new object, or, where there is one of
    /// that name, as what it is to become. Servers since 1.25 refuse unknown fields.
    public func dryRun(
        _ kind: ResourceKind, manifest: JSONValue, name: String?, namespace: String
    ) async throws(KubernetesError) {
        let query = [
            ("fieldManager", sender.fieldManager), ("dryRun", "All"), ("fieldValidation", "Strict"),
        ]
        var creation = APIRequest(.create, ResourcePath(kind, namespace: namespace), query: query)
        try creation.setBody(manifest, contentType: "application/json")
        let created: Result<JSONValue, KubernetesError>
        do throws(KubernetesError) { created = .success(try await shown(creation)) } catch { created = .failure(error) }
        guard case .failure(let error) = created else { return }
        guard error.isAlreadyExists, let name else { throw error }
        var change = APIRequest(.patch, ResourcePath(kind, namespace: namespace, name: name), query: query)
        try change.setBody(manifest, contentType: "application/merge-patch+json")
        _ = try await shown(change)
    }

    /// One page of a list as a table, with the columns that the resource's definition names.
    public func table(
        _ kind: ResourceKind, namespace: String?, options: ListOptions = ListOptions()
    ) async throws(KubernetesError) -> ResourceTable {
        var request = listRequest(kind, namespace, options)
        request.accept = "application/json;as=Table;v=v1;g=meta.k8s.io"
        return try await sender.decoded(ResourceTable.self, from: request)
    }

    private func shown(_ request: APIRequest) async throws(KubernetesError) -> JSONValue {
        try await sender.decoded(from: request) {
            try JSONReader.forPeople.decode(JSONValue.self, from: $0)
        }
    }

    private func listRequest(_ kind: ResourceKind, _ namespace: String?, _ options: ListOptions) -> APIRequest {
        var request = APIRequest(.list, ResourcePath(kind, namespace: namespace), query: options.query)
        request.timeouts = .list
        if let byteLimit = options.byteLimit { request.bodyLimit = byteLimit }
        return request
    }
}
