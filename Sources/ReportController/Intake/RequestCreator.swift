import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportStores
import Synchronization

/// Makes a `ReportRequest` of each message that the intake hands over. The message's id is the request's name, so however
/// often it comes, there is one.
final class RequestCreator: Sendable {
    private static let backoff = Backoff(first: .seconds(1), longest: .seconds(60))

    private let client: KubernetesClient
    private let defaultNamespace: String
    /// The one that the operator watches; nil for all. A request elsewhere would never be looked at.
    private let watchedNamespace: String?
    private let cache: ClusterCache
    /// How often each message that can't be settled yet was tried, by its stream entry.
    private let failures = Mutex<[String: Int]>([:])
    private let logger: Logger

    init(
        client: KubernetesClient, defaultNamespace: String, watchedNamespace: String?, cache: ClusterCache,
        logger: Logger
    ) {
        self.client = client
        self.defaultNamespace = defaultNamespace
        self.watchedNamespace = watchedNamespace
        self.cache = cache
        self.logger = logger
    }

    func create(_ message: IntakeMessage) async -> Verdict {
        let verdict = await tryToCreate(message)
        if case .retry(let pause) = verdict {
            let count = failures.withLock { failures in
                failures[message.entry, default: 0] += 1
                return failures[message.entry] ?? 1
            }
            return .retry(after: max(pause, Self.backoff.delay(failures: count - 1)))
        }
        failures.withLock { _ = $0.removeValue(forKey: message.entry) }
        return verdict
    }

    private func tryToCreate(_ message: IntakeMessage) async -> Verdict {
        let manifest: JSONValue
        do throws(IntakeFault) {
            manifest = try message.request(defaultNamespace: defaultNamespace)
        } catch {
            return .rejected(reason: error.description)
        }
        let key = ObjectKey(
            namespace: manifest["metadata"]?["namespace"]?.string ?? defaultNamespace,
            name: manifest["metadata"]?["name"]?.string ?? "")
        if let watchedNamespace, key.namespace != watchedNamespace {
            return .rejected(
                reason: "namespace: \"\(key.namespace)\" is not the one that this operator works in, "
                    + "which is \"\(watchedNamespace)\"")
        }
        // A repeated message costs no call: the watch has told of its request already.
        if let known = cache.requests.get(key) { return verdict(on: known, manifest) }
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: key.namespace)
        }) {
        case .success(let created):
            cache.requests.record(created.trimmedForCache)
            logger.info("Created request from Redis", metadata: created.logMetadata)
            return .accepted
        case .failure(let error) where error.isAlreadyExists:
            return await verdictOnExisting(message, key, manifest)
        case .failure(let error):
            return verdict(on: error, key, message)
        }
    }

    private func verdictOnExisting(_ message: IntakeMessage, _ key: ObjectKey, _ manifest: JSONValue) async -> Verdict {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.get(ReportRequest.self, name: key.name, namespace: key.namespace)
        }) {
        case .success(let found): verdict(on: found, manifest)
        // Just gone: the message may make it again.
        case .failure(let error) where error.isNotFound: .retry(after: .zero)
        case .failure(let error): verdict(on: error, key, message)
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

    private func verdict(on error: KubernetesError, _ key: ObjectKey, _ message: IntakeMessage) -> Verdict {
        if error.isInvalid || error.code == 400 || error.code == 413 {
            return .rejected(reason: "the API server refuses it: \(error.message)")
        }
        if error.isNotFound, error.message.contains("namespaces") {
            return .rejected(reason: "namespace: there is no namespace \"\(key.namespace)\"")
        }
        let isFirst = failures.withLock { $0[message.entry] == nil }
        logger.log(
            level: isFirst ? .warning : .debug, "A request from Redis can't be created yet",
            metadata: ["request": "\(key)", "error": "\(error.message)"])
        return .retry(after: error.retryAfter ?? .zero)
    }
}
