internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import KubernetesModel
internal import ReportAPI
internal import ServiceLifecycle
internal import ZoneFiles

/// Tells the hub of every change of the caches: written down once, however many follow.
struct EventFeed: Service {
    let cache: GatewayCache
    let hub: EventHub

    init(cache: GatewayCache, hub: EventHub, zones: ZoneFiles) {
        self.cache = cache
        self.hub = hub
        tell(cache.requests, .requests, "request") { cache.view($0).jsonBytes }
        tell(cache.deliveries, .deliveries, "delivery") { DeliveryView($0).jsonBytes }
        tell(cache.schedules, .schedules, "schedule") {
            ScheduleView($0, now: Timestamp(Date()), zone: { try? zones.rules($0) }).jsonBytes
        }
        tell(cache.pipelines, .pipelines, "pipeline") { PipelineSummaryView($0, runs: 0).jsonBytes }
    }

    /// How often a comment is sent, so that no proxy takes a silent connection for a dead one.
    private static let heartbeat: Duration = .seconds(15)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await begin(cache.requests, .requests)
            await begin(cache.deliveries, .deliveries)
            await begin(cache.schedules, .schedules)
            await begin(cache.pipelines, .pipelines)
            while (try? await Task.sleep(for: Self.heartbeat, tolerance: .seconds(1))) != nil { hub.beat() }
        }
    }

    private func begin<R>(_ store: Store<R>, _ kind: EventID.Kind) async {
        guard (try? await store.waitUntilSynced()) != nil else { return }
        hub.begin(kind, at: store.resourceVersion)
    }

    private func tell<R: KubernetesResource>(
        _ store: Store<R>, _ kind: EventID.Kind, _ name: String, _ data: @escaping @Sendable (R) -> [UInt8]
    ) {
        store.addHandler { [hub] change in
            // What is there at the start isn't a change.
            guard hub.hasBegun(kind) else { return }
            let metadata = change.object.metadata
            switch change {
            case .added(let object), .updated(_, let object):
                hub.publish(
                    kind, namespace: metadata.namespace, version: metadata.resourceVersion, name: name,
                    data: data(object))
            case .deleted:
                var writer = JSONWriter()
                writer.object { writer in
                    writer.member("kind", name)
                    writer.member("namespace", metadata.namespace)
                    writer.member("name", metadata.name)
                    writer.member("uid", metadata.uid)
                }
                hub.publish(
                    kind, namespace: metadata.namespace, version: metadata.resourceVersion, name: "deleted",
                    data: writer.bytes)
            }
        }
    }
}
