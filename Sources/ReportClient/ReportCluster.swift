public import KubernetesClient
public import KubernetesModel

/// The cluster that reports are asked of, and the namespace that is meant where none is named. Knows no terminal.
public struct ReportCluster: Sendable {
    public let client: KubernetesClient
    public let namespace: String

    public init(client: KubernetesClient, namespace: String) {
        self.client = client
        self.namespace = namespace
    }

    public func ask<Value>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(ClientError) -> Value {
        let result: Result<Value, KubernetesError>
        do throws(KubernetesError) { result = .success(try await request(client)) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw .api(error)
        }
    }

    /// As `ask`, but nil where there is no such object. Where the whole kind isn't known, that is an error.
    public func find<Value>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(ClientError) -> Value? {
        let result: Result<Value, KubernetesError>
        do throws(KubernetesError) { result = .success(try await request(client)) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error) where error.isNotFound && error.status?.details?.name?.isEmpty == false: return nil
        case .failure(let error): throw .api(error)
        }
    }

    /// As `ask`, for creating an object that has a name, which is tried until it is known what became of it.
    public func create<Object: Sendable>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Object
    ) async throws -> NamedCreation.Outcome<Object> {
        do {
            return try await NamedCreation().run { () throws(KubernetesError) in try await request(client) }
        } catch let error as KubernetesError {
            throw ClientError.api(error)
        }
    }

    /// A report request, pipeline or schedule of the namespace.
    public func get<Resource: KubernetesResource>(
        _ type: Resource.Type = Resource.self, _ name: String
    ) async throws(ClientError) -> Resource {
        let found = try await find { client throws(KubernetesError) in
            try await client.get(type, name: name, namespace: namespace)
        }
        guard let found else { throw .notFound(Resource.resourceKind, name: name, namespace: namespace) }
        return found
    }

    /// All of an object: also the fields that nobody here knows of, but for who wrote which field.
    public func whole(_ kind: ResourceKind, _ name: String) async throws(ClientError) -> JSONValue {
        try await ask { client throws(KubernetesError) in
            try await client.whole(kind, name: name, namespace: namespace)
        }.withoutManagedFields
    }
}

extension JSONValue {
    /// As kubectl shows objects: who wrote which field is for machines.
    public var withoutManagedFields: JSONValue {
        guard case .object(var members) = self, case .object(var metadata)? = members["metadata"] else { return self }
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }
}
