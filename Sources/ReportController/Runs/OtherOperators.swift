import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ServiceLifecycle
import Synchronization

/// Notices another operator, of another name, that acts for the same namespace.
///
/// An operator writes its name on each request that it takes up, in the write that marks it anyway. One that finds another's
/// name on a request that was created while it acts reports it, and writes its own beside it, so that the other notices too.
struct OtherOperators: Sendable {
    /// A request that both would work on.
    struct Sighting: Hashable, Sendable, CustomStringConvertible {
        let other: String
        let request: ObjectMeta
        /// Whether the other was first, and so doesn't know of this one.
        let isTheirs: Bool

        var description: String { "\(other) at \(request.key)" }
    }

    /// Another operator, and where it acts.
    private struct Place: Hashable {
        let other: String
        let namespace: String
    }

    private final class Seen: Sendable {
        private struct Times {
            var seen: Timestamp
            var said: Timestamp
        }

        private let places = Mutex<[Place: Times]>([:])

        /// Whether it is to be reported: the first time, and again after a while.
        func note(_ place: Place, at now: Timestamp) -> Bool {
            places.withLock { places in
                if let times = places[place], times.said.adding(OtherOperators.quiet) > now {
                    places[place]?.seen = now
                    return false
                }
                places = places.filter { $0.value.seen.adding(OtherOperators.memory) > now }
                // Anyone who may write annotations can make up any number of names.
                guard places.count < OtherOperators.limit else { return false }
                places[place] = Times(seen: now, said: now)
                return true
            }
        }

        func count(at now: Timestamp) -> Int {
            places.withLock { places in
                Set(places.filter { $0.value.seen.adding(OtherOperators.memory) > now }.keys.map(\.other)).count
            }
        }
    }

    /// Seconds between two reports of the same.
    static let quiet: Int64 = 600
    /// Seconds after which another that hasn't been met counts as gone.
    static let memory: Int64 = 3600
    /// How many are remembered.
    static let limit = 1000

    private let own: String?
    private let queue: WorkQueue<Sighting>
    private let seen = Seen()
    private let requests: Store<ReportRequest>
    private let now: @Sendable () -> Date
    /// What reports them.
    let controller: any Service

    /// `own`: the name that tells this one from others; nil: it looks for none.
    init(
        own: String?, writer: ClusterWriter, requests: Store<ReportRequest>, metrics: MetricsRegistry, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        let queue = WorkQueue<Sighting>(name: "otheroperator", metrics: metrics)
        self.own = own
        self.queue = queue
        self.now = now
        self.requests = requests
        metrics.gauge(
            "report_operator_other_operators",
            help: "Other operators met in the last hour that act for a namespace of this one's; 0 is right."
        ) { [seen] in Double(seen.count(at: Timestamp(now()))) }
        controller = Controller(
            name: "otheroperator", queue: queue, stores: [], logger: logger, metrics: metrics
        ) { sighting in
            guard let own else { return .done }
            try await Self.tell(sighting, own: own, writer, requests, logger, at: Timestamp(now()))
            return .done
        }
    }

    /// Listens to the requests from the moment that this one acts.
    func connect() {
        guard let own else { return }
        let began = Timestamp(now())
        requests.addHandler { [queue, seen, now] change in
            let request: ReportRequest
            switch change {
            case .added(let new), .updated(_, let new): request = new
            case .deleted: return
            }
            guard let sighting = Self.sighting(request, own: own, since: began),
                seen.note(Place(other: sighting.other, namespace: request.metadata.namespace), at: Timestamp(now()))
            else { return }
            queue.add(sighting)
        }
    }

    /// `began`: what was created before may have been taken up by an operator that is gone.
    static func sighting(_ request: ReportRequest, own: String, since began: Timestamp) -> Sighting? {
        let metadata = request.metadata
        guard request.acceptedUID == metadata.uid, let taker = request.takenBy,
            let created = metadata.creationTimestamp, created >= began
        else { return nil }
        if taker != own { return Sighting(other: taker, request: metadata, isTheirs: true) }
        guard let other = request.otherOperator, other != own else { return nil }
        return Sighting(other: other, request: metadata, isTheirs: false)
    }

    private static func tell(
        _ sighting: Sighting, own: String, _ writer: ClusterWriter, _ requests: Store<ReportRequest>, _ logger: Logger,
        at now: Timestamp
    ) async throws {
        let request = sighting.request
        logger.warning(
            "Another operator acts for the same namespace",
            metadata: [
                "namespace": "\(request.namespace)", "other": "\(sighting.other)", "own": "\(own)",
                "request": "\(request.key)",
                "advice": "let one of them act for it: see docs/installation.md, Installing",
            ])
        if sighting.isTheirs {
            let note = JSONValue.object([
                "metadata": .object([
                    "annotations": .object([ReportsAPI.Annotation.otherOperator: .string(own)])
                ])
            ])
            do {
                try await writer.patch(requests, name: request.name, namespace: request.namespace, merge: note)
            } catch let error as KubernetesError where !error.isRetryable {
                // The next request shows it again.
            }
        }
        let event = OtherOperatorEvent.manifest(
            of: request, own: own, other: sighting.other, component: "report-operator", at: now)
        try await writer.tellOrGiveUp(event, namespace: request.namespace)
    }
}
