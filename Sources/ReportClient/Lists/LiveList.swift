import KubernetesClient
public import KubernetesModel

/// Keeps a list of objects up to date and tells each state of it, for as long as its task lives.
///
/// The first list has to succeed. After that a server that is away is waited for: its return brings everything again, so
/// nothing is missed, though what happened in between is seen at once. One that has just come back may not know its
/// resource definitions and roles yet, so what it refuses then is asked for again, for a while.
public struct LiveList<Resource: KubernetesResource>: Sendable {
    public enum Change: Sendable {
        case objects([Resource])
        /// The server can't be asked any more; why.
        case lost(String)
        case recovered
    }

    private static var refusalLimit: Duration { .seconds(30) }

    private let cluster: ReportCluster
    let namespace: String?
    let labelSelector: String?
    private let fieldSelector: String?

    /// `namespace`: nil for all.
    public init(
        _ cluster: ReportCluster, namespace: String?, labelSelector: String? = nil, fieldSelector: String? = nil
    ) {
        self.cluster = cluster
        self.namespace = namespace
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
    }

    /// Ends only by cancellation or by an error that doesn't pass.
    public func run(_ tell: @Sendable (Change) -> Void) async throws {
        var isLost = false
        var hasListed = false
        var refusedSince: ContinuousClock.Instant?
        var pause = Duration.milliseconds(250)
        while true {
            do throws(KubernetesError) {
                var (objects, version) = try await list()
                if isLost { tell(.recovered) }
                (isLost, hasListed, refusedSince, pause) = (false, true, nil, .milliseconds(250))
                tell(.objects(sorted(objects)))
                while true {
                    let begin = ContinuousClock.now
                    try await watch(&objects, &version, tell)
                    // A proxy that ends each watch at once isn't asked without a pause.
                    let rest = Duration.seconds(1) - (ContinuousClock.now - begin)
                    if rest > .zero { try? await Task.sleep(for: rest) }
                }
            } catch {
                refusedSince = error.isNotFound || error.isForbidden ? refusedSince ?? .now : nil
                let mayPass = refusedSince.map { ContinuousClock.now - $0 < Self.refusalLimit } ?? false
                guard hasListed, error.isRetryable || error.isExpired || mayPass else {
                    throw ClientError.api(error)
                }
                // Where nothing changes, a watch may be silent for long; whether the server is away, the list will tell.
                let isAway = !error.isExpired && !error.isSilence
                if isAway, !isLost { tell(.lost(error.message)) }
                isLost = isAway
            }
            try await Task.sleep(for: pause * Double.random(in: 1..<1.5))
            pause = min(pause * 2, .seconds(4))
        }
    }

    private func list() async throws(KubernetesError) -> ([ObjectKey: Resource], String) {
        let all = try await cluster.client.listAll(
            Resource.self, namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector
        ) { ($0.key, $0) }
        return (Dictionary(all.kept) { $1 }, all.resourceVersion)
    }

    /// One watch until the server ends it.
    private func watch(
        _ objects: inout [ObjectKey: Resource], _ version: inout String, _ tell: @Sendable (Change) -> Void
    ) async throws(KubernetesError) {
        let events = try await cluster.client.watch(
            Resource.self, namespace: namespace,
            options: WatchOptions(
                labelSelector: labelSelector, fieldSelector: fieldSelector, resourceVersion: version,
                timeoutSeconds: Int.random(in: 300...600)))
        for try await event in events {
            if let newer = event.resourceVersion { version = newer }
            switch event {
            case .added(let object), .modified(let object): objects[object.key] = object
            case .deleted(let object): objects[object.key] = nil
            case .bookmark, .undecodable: continue
            case .status(let status): throw KubernetesError(status)
            }
            tell(.objects(sorted(objects)))
        }
    }

    private func sorted(_ objects: [ObjectKey: Resource]) -> [Resource] {
        objects.values.sorted { $0.key < $1.key }
    }
}
