import AsyncSupport
public import KubernetesClient
public import KubernetesModel
public import Logging
import Synchronization

/// Finds out which namespace an object is in, of all that have ever had its name, and which cluster that is.
///
/// A namespace is read after the object was seen, and counts if it isn't the younger of the two: then it is the one that the object
/// was made in. So no cache can take one that was recreated for the one before. It needs the right to get namespaces; a Role
/// gives it for the namespace that the Role is in, and then the cluster stays unknown.
public final class NamespaceFinder: Sendable {
    public struct Home: Hashable, Sendable {
        public var uid: String
        public var createdAt: Timestamp
    }

    public enum Finding: Sendable {
        case found(Home)
        /// There is none of that name, or it was recreated since.
        case gone
        /// The API server couldn't be asked, or doesn't show it.
        case unknown(KubernetesError)
    }

    /// A namespace that isn't asked for again before then.
    private struct Pause {
        let error: KubernetesError
        let until: ContinuousClock.Instant
    }

    private struct State {
        /// Of objects, by their uids.
        var homes: [String: Home] = [:]
        var cluster: String?
        var pauses: [String: Pause] = [:]
        /// While the API server can't be asked, it isn't waited for once for each namespace.
        var outage: Pause?
        /// Namespaces whose refusal the log has told.
        var told: Set<String> = []
    }

    /// What is remembered of more objects is asked again.
    private static let capacity = 20_000
    /// How long one that isn't shown isn't asked for again.
    private static let refusalPause: Duration = .seconds(60)
    private static let outagePause: Duration = .seconds(5)
    private static let clusterNamespace = "kube-system"

    private let client: KubernetesClient
    private let logger: Logger
    private let state = Mutex(State())

    public init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// The uid of the namespace `kube-system`, which tells clusters apart; nil where that isn't known. Read once.
    public func cluster() async -> String? {
        if let known = state.withLock({ $0.cluster }) { return known }
        guard case .success(let found?) = await read(Self.clusterNamespace) else { return nil }
        state.withLock { $0.cluster = found.metadata.uid }
        return found.metadata.uid
    }

    public func home(of object: ObjectMeta) async -> Finding {
        await homes(of: [object])[object.uid] ?? .gone
    }

    /// By the objects' uids. Each namespace is read once, and not at all where all is remembered.
    public func homes(of objects: [ObjectMeta]) async -> [String: Finding] {
        let known = state.withLock { state in
            Dictionary(objects.compactMap { meta in state.homes[meta.uid].map { (meta.uid, $0) } }) { $1 }
        }
        var findings = known.mapValues(Finding.found)
        for (name, inside) in Dictionary(grouping: objects.filter { known[$0.uid] == nil }, by: \.namespace) {
            let result = await read(name)
            for object in inside { findings[object.uid] = finding(result, for: object) }
        }
        return findings
    }

    private func finding(_ result: Result<Namespace?, KubernetesError>, for object: ObjectMeta) -> Finding {
        switch result {
        case .failure(let error): return .unknown(error)
        case .success(nil): return .gone
        case .success(let namespace?):
            guard let home = Self.home(of: object, in: namespace.metadata) else { return .gone }
            state.withLock { state in
                if state.homes.count >= Self.capacity { state.homes = [:] }
                state.homes[object.uid] = home
            }
            return .found(home)
        }
    }

    /// nil where the namespace was made after the object, which then was made in another one.
    static func home(of object: ObjectMeta, in namespace: ObjectMeta) -> Home? {
        guard let createdAt = namespace.creationTimestamp, let made = object.creationTimestamp, createdAt <= made else {
            return nil
        }
        return Home(uid: namespace.uid, createdAt: createdAt)
    }

    /// nil where there is none. What has failed a moment ago isn't asked for again.
    private func read(_ name: String) async -> Result<Namespace?, KubernetesError> {
        let pauses = state.withLock { [$0.outage, $0.pauses[name]] }
        for case let pause? in pauses where pause.until > .now { return .failure(pause.error) }
        let result = await Result(catching: { () async throws(KubernetesError) in
            try await client.get(Namespace.self, name: name, namespace: nil)
        })
        switch result {
        case .success(let namespace):
            state.withLock { $0.pauses[name] = nil }
            return .success(namespace)
        case .failure(let error) where error.isNotFound: return .success(nil)
        // A caller that gave up says nothing of the server: what is published at a process' end asks again.
        case .failure(let error) where error.isCancelled: return .failure(error)
        case .failure(let error):
            refused(name, error)
            return .failure(error)
        }
    }

    private func refused(_ name: String, _ error: KubernetesError) {
        guard error.isForbidden else {
            state.withLock { $0.outage = Pause(error: error, until: .now + Self.outagePause) }
            return
        }
        let isNews = state.withLock { state in
            if state.pauses.count >= Self.capacity { state.pauses = [:] }
            state.pauses[name] = Pause(error: error, until: .now + Self.refusalPause)
            return state.told.insert(name).inserted
        }
        // That the cluster stays unknown is usual for who has rights in one namespace.
        guard isNews else { return }
        let level: Logger.Level = name == Self.clusterNamespace ? .debug : .warning
        logger.log(
            level: level, "A namespace may not be read, so that reports don't tell which one they are of",
            metadata: [
                "namespace": "\(name)", "error": "\(error)",
                "advice": "allow its service account to get namespaces, and apply manifests anew",
            ])
    }
}
