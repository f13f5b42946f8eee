import AsyncSupport
public import KubernetesClient
public import KubernetesModel
public import PrometheusMetrics

/// How controllers write to the cluster, and ask it what a cache can't tell for certain.
///
/// What is gone is nobody's failure; what rested on an object that has changed since is `Stale`. What the API server
/// answers is the caller's to put into its cache.
public struct ClusterWriter: Sendable {
    /// What a creation came to.
    public enum Creation<R: KubernetesResource>: Sendable {
        case created(R)
        /// Something has the name, made perhaps by an earlier pass whose answer was lost.
        case nameIsTaken
        /// The object itself is at fault, in the server's words.
        case refused(String)
        /// Somebody has to do something, or time has to pass.
        case postponed(String)
    }

    public let client: KubernetesClient
    let conflicts: Counter
    private let readsBack: Bool

    /// `program`: what the metric's name begins with, such as `report_operator`. `readsBack`: whether what a patch met newer
    /// than it was read is read again, which takes the right to get it; else the watch brings it.
    public init(client: KubernetesClient, program: String, metrics: MetricsRegistry, readsBack: Bool = true) {
        self.client = client
        self.readsBack = readsBack
        conflicts = metrics.counter(
            "\(program)_status_conflicts_total", help: "Status writes that met a newer object.")
    }

    /// Lays a patch over an object, and puts the answer into `store`. Where the object has changed since it was read it is
    /// read again (see `readsBack`), so that the next look doesn't rest on the same old copy.
    ///
    /// - Returns: nil where the object is gone.
    @discardableResult
    public func patch<R: KubernetesResource>(
        _ store: Store<R>, name: String, namespace: String, merge: some Encodable & Sendable,
        subresource: Subresource? = nil
    ) async throws -> R? {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.patch(
                R.self, name: name, namespace: namespace, merge: merge, subresource: subresource)
        }) {
        case .success(let written):
            // With its last finalizer a deleted object goes, and the cache must not keep what no watch will tell of.
            if !written.metadata.isDeleting || !written.metadata.finalizers.isEmpty { store.record(written) }
            return written
        case .failure(let error) where error.isNotFound: return nil
        case .failure(let error) where error.isConflict:
            conflicts.increment()
            if readsBack, let found = try? await find(R.self, name: name, namespace: namespace) { store.record(found) }
            throw Stale(what: "the \(R.resourceKind.kind) has changed since it was read")
        case .failure(let error): throw error
        }
    }

    public func create<R: KubernetesResource>(
        _ type: R.Type, kind: ResourceKind = R.resourceKind, manifest: some Encodable & Sendable,
        namespace: String
    ) async throws -> Creation<R> {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.create(type, kind: kind, manifest: manifest, namespace: namespace)
        }) {
        case .success(let created): return .created(created)
        case .failure(let error) where error.isAlreadyExists: return .nameIsTaken
        case .failure(let error):
            switch error.creationVerdict {
            case .refused: return .refused(error.message)
            case .postponed: return .postponed(error.message)
            case .unknown: throw error
            }
        }
    }

    /// - Returns: whether it was there; what was meant is gone in any case, or going.
    public func delete<R: KubernetesResource>(
        _ type: R.Type, name: String, namespace: String, options: DeleteOptions
    ) async throws -> Bool {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.delete(type, name: name, namespace: namespace, options: options)
        }) {
        case .success: return true
        case .failure(let error) where error.isNotFound: return false
        case .failure(let error) where error.isConflict:
            // Another uid under that name: what was meant is gone. Another version: somebody wants something of it. The
            // same uid though no version was named: the server was overtaken, and hasn't deleted it.
            if options.resourceVersion == nil {
                let found = try await find(type, name: name, namespace: namespace)
                guard let found, found.metadata.uid == options.uid else { return false }
            }
            throw Stale(what: "the \(R.resourceKind.kind) has changed since it was read")
        case .failure(let error): throw error
        }
    }

    /// The object as the API server has it now; nil where it has none.
    public func find<R: KubernetesResource>(
        _ type: R.Type, kind: ResourceKind = R.resourceKind, name: String, namespace: String
    ) async throws -> R? {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await client.get(type, kind: kind, name: name, namespace: namespace)
        }) {
        case .success(let found): return found
        case .failure(let error) where error.isNotFound: return nil
        case .failure(let error): throw error
        }
    }
}

extension KubernetesError {
    public enum CreationVerdict {
        case refused
        /// Permissions, quotas, webhooks, a namespace that goes.
        case postponed
        /// Nobody knows whether the server has even read it.
        case unknown
    }

    /// What a failed creation means for its caller.
    public var creationVerdict: CreationVerdict {
        if isInvalid { return .refused }
        switch code {
        case 400?, 405?, 413?, 415?: return .refused
        case 403?, 404?, 500?: return .postponed
        default: return .unknown
        }
    }
}

/// The decision rested on something that has changed: look again.
public struct Stale: Error, CustomStringConvertible {
    public let what: String

    public init(what: String) { self.what = what }

    public var description: String { what }
}
