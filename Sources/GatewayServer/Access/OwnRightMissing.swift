internal import KubernetesClient
internal import KubernetesModel

/// The gateway's own service account may not do what it has to. Whoever asked can do nothing about it, and isn't to learn more.
struct OwnRightMissing: Error {
    let error: KubernetesError
}

extension KubernetesClient {
    /// Asks the API server for a review, as the gateway itself. Throws `OwnRightMissing` or `KubernetesError`.
    func review(_ kind: ResourceKind, _ manifest: JSONValue) async throws -> JSONValue {
        let result: Result<JSONValue, KubernetesError>
        do throws(KubernetesError) {
            result = .success(try await createWhole(kind, manifest: manifest, namespace: nil))
        } catch { result = .failure(error) }
        if case .failure(let error) = result, error.isForbidden { throw OwnRightMissing(error: error) }
        return try result.get()
    }
}
