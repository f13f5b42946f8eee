import PrometheusMetrics

/// The metrics of one reflector and of its store.
struct ReflectorMetrics: Sendable {
    let events: Counter
    let undecodable: Counter
    let expired: Counter
    private let registry: MetricsRegistry
    private let resource: String

    init(registry: MetricsRegistry, resource: String) {
        self.registry = registry
        self.resource = resource
        let labels = [("resource", resource)]
        events = registry.counter("reflector_events_total", help: "Events and bookmarks of watches.", labels: labels)
        undecodable = registry.counter(
            "reflector_undecodable_objects_total", help: "Objects that came and don't decode.", labels: labels)
        expired = registry.counter(
            "reflector_expired_total", help: "Versions that the server no longer had (410).", labels: labels)
    }

    /// Registers what is read when the page is asked for.
    func register(
        age: @escaping @Sendable () -> Double?,
        objects: @escaping @Sendable () -> Double?,
        undecodable: @escaping @Sendable () -> Double?,
        refusedSpecs: @escaping @Sendable () -> Double?,
        synced: @escaping @Sendable () -> Double?
    ) {
        let labels = [("resource", resource)]
        registry.gauge(
            "reflector_last_progress_age_seconds", help: "Time since the last list, event or bookmark.", labels: labels,
            read: age)
        registry.gauge("store_objects", help: "Objects in the store.", labels: labels, read: objects)
        registry.gauge(
            "store_undecodable_objects", help: "Objects whose present state doesn't decode.", labels: labels,
            read: undecodable)
        registry.gauge(
            "store_refused_specs", help: "Objects whose spec is refused: too large, or not of its type's form.",
            labels: labels, read: refusedSpecs)
        registry.gauge(
            "store_synced", help: "1 once the first list is in the store.", labels: labels, read: synced)
    }

    // The labels of the following have few values and their events are rare, so the series is looked up each time.

    func relisted(because reason: String) {
        registry.counter(
            "reflector_relists_total", help: "Lists after the first, by what made them necessary.",
            labels: [("resource", resource), ("reason", reason)]
        ).increment()
    }

    func listFailed(because reason: String) {
        registry.counter(
            "reflector_list_failures_total", help: "Pages of lists that failed, by reason.",
            labels: [("resource", resource), ("reason", reason)]
        ).increment()
    }

    func watchRestarted(because reason: String) {
        registry.counter(
            "reflector_watch_restarts_total", help: "Watches after the first, by why the one before ended.",
            labels: [("resource", resource), ("reason", reason)]
        ).increment()
    }
}
