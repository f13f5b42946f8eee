import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportStores
import ServiceLifecycle

/// Makes a `ReportRequest` of each message that the intake hands over. The message's id is the request's name, so however
/// often it comes, there is one.
struct RequestCreator: Sendable {
    let client: KubernetesClient
    let defaultNamespace: String
    let cache: ClusterCache
    let logger: Logger

    func create(_ message: IntakeMessage) async -> Verdict {
        let manifest: JSONValue
        do throws(IntakeFault) {
            manifest = try message.request(defaultNamespace: defaultNamespace)
        } catch {
            return .rejected(reason: error.description)
        }
        let key = ObjectKey(
            namespace: manifest["metadata"]?["namespace"]?.string ?? defaultNamespace,
            name: manifest["metadata"]?["name"]?.string ?? "")
        // A repeated message costs no call: the watch has told of its request already.
        if let known = cache.requests.get(key) { return verdict(on: known, manifest) }
        switch await answer({ () async throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: key.namespace)
        }) {
        case .success(let created):
            cache.requests.record(created.trimmedForCache)
            logger.info("Created request from Redis", metadata: created.logMetadata)
            return .accepted
        case .failure(let error) where error.isAlreadyExists:
            return await verdictOnExisting(key, manifest)
        case .failure(let error):
            return verdict(on: error, key)
        }
    }

    private func verdictOnExisting(_ key: ObjectKey, _ manifest: JSONValue) async -> Verdict {
        switch await answer({ () async throws(KubernetesError) in
            try await client.get(ReportRequest.self, name: key.name, namespace: key.namespace)
        }) {
        case .success(let found): verdict(on: found, manifest)
        // Just gone: the message may make it again.
        case .failure(let error) where error.isNotFound: .retry(after: .zero)
        case .failure(let error): verdict(on: error, key)
        }
    }

    /// Whether what stands under the name is what the message asks for.
    private func verdict(on existing: ReportRequest, _ manifest: JSONValue) -> Verdict {
        guard existing.asksTheSame(as: manifest) else {
            return .rejected(
                reason: "id: \"\(existing.metadata.name)\" is the name of a request in namespace "
                    + "\(existing.metadata.namespace) that asks for something else; choose another id")
        }
        return .accepted
    }

    private func verdict(on error: KubernetesError, _ key: ObjectKey) -> Verdict {
        if error.isInvalid || error.code == 400 || error.code == 413 {
            return .rejected(reason: "the API server refuses it: \(error.message)")
        }
        if error.isNotFound, error.message.contains("namespaces") {
            return .rejected(reason: "namespace: there is no namespace \"\(key.namespace)\"")
        }
        logger.warning(
            "A request from Redis can't be created yet", metadata: ["request": "\(key)", "error": "\(error.message)"])
        return .retry(after: error.retryAfter.map { max($0, .seconds(1)) } ?? .seconds(2))
    }

    /// As a value, since Swift 6.3.1 miscompiles some `catch` clauses of typed throws.
    private func answer<Success: Sendable>(
        _ call: () async throws(KubernetesError) -> Success
    ) async -> Result<Success, KubernetesError> {
        do throws(KubernetesError) {
            return .success(try await call())
        } catch {
            return .failure(error)
        }
    }
}
