public import AsyncSupport
public import KubernetesModel
public import Logging
public import PrometheusMetrics
public import ServiceLifecycle

/// Keeps a store equal to what the API server has: lists once, then watches, for as long as the service runs.
///
/// `ReflectorState` decides; this carries out. It ends at a graceful shutdown. Whatever is wrong with the server, it is asked
/// again. It fails for one thing alone, with `ClusterWasSetBack`: the cluster has an older state than it had.
public struct Reflector<R: KubernetesResource>: Service {
    public let name: String
    private let store: Store<R>
    private let source: any ListerWatcher<R>
    private let options: ReflectorOptions
    private let clock: RuntimeClock
    private let logger: Logger
    private let metrics: ReflectorMetrics
    private let progress = ReflectorProgress()

    /// `name` tells it from others in logs and metrics.
    public init(
        store: Store<R>,
        source: any ListerWatcher<R>,
        name: String,
        options: ReflectorOptions = ReflectorOptions(),
        logger: Logger,
        metrics registry: MetricsRegistry = MetricsRegistry(),
        clock: RuntimeClock = .continuous
    ) {
        self.name = name
        self.store = store
        self.source = source
        self.options = options
        self.clock = clock
        self.logger = logger
        metrics = ReflectorMetrics(registry: registry, resource: name)
        metrics.register(
            age: { [progress] in progress.age(clock.now())?.seconds },
            objects: { Double(store.count) },
            undecodable: { Double(store.undecodable.count) },
            refusedSpecs: { Double(store.refusedSpecs) },
            synced: { store.hasSynced ? 1 : 0 }
        )
    }

    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await reflect(source) }
        } catch is CancellationError {
            // The service ends, and leaves nothing behind that would have to be put in order.
        }
    }

    private func reflect(_ source: some ListerWatcher<R>) async throws {
        var loop = ReflectorLoop(
            store: store,
            source: source,
            options: options,
            clock: clock,
            metrics: metrics,
            progress: progress,
            log: ReflectorLog(logger: logger, name: name, resource: R.resourceKind.qualifiedName)
        )
        try await loop.run()
    }
}

/// The cluster's store has an older state than this process has seen, such as after etcd was restored from a snapshot.
///
/// What a process remembers beside its caches (what it has made, stored and told) no longer holds: it has to begin anew.
public struct ClusterWasSetBack: Error, CustomStringConvertible {
    /// The resource version that was known, and that of the list that shows it: a greater one where whoever restored the store
    /// raised its versions.
    public let from: String
    public let to: String

    public var description: String {
        "the cluster was set back: resource version \(from) was seen, and now at \(to) it is in an older state, as after etcd was "
            + "restored from a snapshot; this process ends, and begins anew with what there is"
    }
}
