import AsyncSupport
import ControllerRuntime
import DeliveryPlanning
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import MQTTClient
import ReportAPI
import ReportStores

/// Makes a request of a message that came through a broker: the message's id is the request's name, so however often it
/// comes, there is one.
struct IntakeCreator: Sendable {
    let cache: CourierCache
    let client: KubernetesClient

    /// What the message asks for, and what became of it.
    struct Answer: Sendable {
        var id: String?
        var namespace: String?
        var verdict: Verdict
        /// The request's, once it exists.
        var uid: String?
    }

    func create(_ message: MQTTMessage, through channel: ReportChannelSpec) async -> Answer {
        guard !message.isRetained else {
            return Answer(
                verdict: .rejected(
                    reason:
                        "retained: a request that the broker keeps would be made again for ever; publish it without "
                        + "retain, and remove this one (an empty retained message)"))
        }
        var answer = Answer(verdict: .accepted)
        let manifest: JSONValue
        do throws(IntakeFault) {
            let read = try IntakeMessage(json: message.payload, bytes: message.bytes)
            (answer.id, answer.namespace) = (read.value(of: "id"), read.value(of: "namespace"))
            manifest = try read.request(defaultNamespace: nil)
        } catch {
            answer.verdict = .rejected(reason: error.words)
            return answer
        }
        let key = ObjectKey(
            namespace: manifest["metadata"]?["namespace"]?.string ?? "",
            name: manifest["metadata"]?["name"]?.string ?? "")
        if let reason = obstacle(key.namespace, channel) {
            answer.verdict = .rejected(reason: reason)
            return answer
        }
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: key.namespace)
        }) {
        case .success(let created): answer.uid = created.metadata.uid
        case .failure(let error) where error.isAlreadyExists: await judge(&answer, key, manifest)
        case .failure(let error): answer.verdict = Self.verdict(on: error, key)
        }
        return answer
    }

    /// Why a namespace takes no requests from that channel; nil if it does.
    private func obstacle(_ namespace: String, _ channel: ReportChannelSpec) -> String? {
        let labels = cache.labels(of: namespace)
        // A courier of one namespace reads no labels: that it may create requests there is what allows them.
        guard let labels, cache.namespaces == nil || labels[ReportsAPI.Label.intake] == "allowed" else {
            return "namespace: \"\(namespace)\" takes no requests from outside, or isn't there; to allow them: "
                + "kubectl label namespace \(namespace) \(ReportsAPI.Label.intake)=allowed"
        }
        guard DeliveryCheck.admits(namespaceLabels: labels, by: channel) else {
            return
                "namespace: \"\(namespace)\" is not among the channel's allowedNamespaces; ask whoever runs the cluster "
                + "to give it their labels"
        }
        return nil
    }

    private func judge(_ answer: inout Answer, _ key: ObjectKey, _ manifest: JSONValue) async {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.get(ReportRequest.self, name: key.name, namespace: key.namespace)
        }) {
        case .success(let found):
            answer.verdict = Verdict(on: found, asked: manifest)
            if answer.verdict == .accepted { answer.uid = found.metadata.uid }
        // Just gone: the message may make it again.
        case .failure(let error) where error.isNotFound: answer.verdict = Verdict.waits(for: key)
        case .failure(let error): answer.verdict = Self.verdict(on: error, key)
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
        // A quota, a policy, a namespace that is going. Not the courier's own role, which is not the sender's fault.
        let isRefusal = error.isForbidden && !lacksRight(error.message)
        return .postponed(
            Postponement(error.message, scope: isRefusal ? .namespace : .cluster, pause: error.retryAfter ?? .zero))
    }

    /// Whether the courier's role is what is missing.
    static func lacksRight(_ message: String) -> Bool {
        message.contains("cannot create resource") || message.contains("cannot get resource")
    }
}
