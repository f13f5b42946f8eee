import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import JSONReading
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportStores

/// Makes a `ReportRequest` of each message that the intake hands over. The message's id is the request's name, so however
/// often it comes, there is one.
///
/// By the client itself and not by a `ClusterWriter`, which keeps no more of an error than its words: here it also says what
/// a refusal concerns, and for how long. Each try asks for the lease all the same.
struct RequestCreator: Sendable {
    let client: KubernetesClient
    let reach: IntakeReach
    let allowsInlinePipelines: Bool
    var allowsRecipients = false
    let requests: Store<ReportRequest>
    let logger: Logger

    func create(_ message: IntakeMessage) async -> Verdict {
        let manifest: JSONValue
        do throws(IntakeFault) {
            manifest = try message.request(
                defaultNamespace: reach.defaultNamespace, allowsInlinePipelines: allowsInlinePipelines,
                allowsRecipients: allowsRecipients)
        } catch {
            return .rejected(reason: error.description)
        }
        let key = ObjectKey(
            namespace: manifest["metadata"]?["namespace"]?.string ?? reach.defaultNamespace,
            name: manifest["metadata"]?["name"]?.string ?? "")
        if let obstacle = reach.obstacle(key.namespace) { return obstacle }
        // The watch may lag: what it says of an end counts, but nothing is acknowledged on its word alone.
        if let known = requests.get(key) {
            return known.metadata.isDeleting ? Verdict.waits(for: key) : await verdictOnExisting(key, manifest)
        }
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: key.namespace)
        }) {
        case .success(let created):
            requests.record(created.trimmedForCache)
            logger.info("Created request from Redis", metadata: created.logMetadata)
            return .accepted
        case .failure(let error) where error.isAlreadyExists:
            return await verdictOnExisting(key, manifest)
        case .failure(let error):
            return Self.verdict(on: error, key)
        }
    }

    private func verdictOnExisting(_ key: ObjectKey, _ manifest: JSONValue) async -> Verdict {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.get(ReportRequest.self, name: key.name, namespace: key.namespace)
        }) {
        case .success(let found): Verdict(on: found, asked: manifest)
        // Just gone: the message may make it again.
        case .failure(let error) where error.isNotFound: Verdict.waits(for: key)
        case .failure(let error): Self.verdict(on: error, key)
        }
    }

    /// What the API server's refusal means.
    static func verdict(on error: KubernetesError, _ key: ObjectKey) -> Verdict {
        if error.isInvalid || error.code == 400 || error.code == 413 {
            return .rejected(reason: "the API server refuses it: \(error.message)")
        }
        if error.isNotFound, error.message.contains("namespaces") {
            return .rejected(reason: "namespace: there is no namespace \"\(key.namespace)\"")
        }
        // A quota, a policy, a namespace that is going. Not the operator's own role, which is not the sender's fault.
        let isRefusal = error.isForbidden && !error.message.contains("cannot create resource")
        return .postponed(
            Postponement(
                error.message, scope: isRefusal ? .namespace : .cluster, pause: error.retryAfter ?? .zero))
    }
}
