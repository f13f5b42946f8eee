public import KubernetesModel

/// A Job that a schedule's CronJob makes: it starts no pod, and becomes one request.
public struct Tick: KubernetesResource, Hashable {
    public static let resourceKind = Job.resourceKind

    /// The request that was made for a tick.
    public struct Served: Hashable, Sendable {
        public var request: String
        public var uid: String

        public init(request: String, uid: String) {
            self.request = request
            self.uid = uid
        }
    }

    public var metadata: ObjectMeta
    /// Written by Kubernetes 1.32 and later.
    public var scheduledTimestamp: Timestamp?
    /// Whether somebody asked for it with `kubectl create job --from`.
    public var isManual: Bool
    public var served: Served?

    public init(
        metadata: ObjectMeta, scheduledTimestamp: Timestamp? = nil, isManual: Bool = false, served: Served? = nil
    ) {
        self.metadata = metadata
        self.scheduledTimestamp = scheduledTimestamp
        self.isManual = isManual
        self.served = served
    }

    /// Whether it is of that CronJob. kubectl's Jobs are owned too, and not always controlled.
    public func belongs(to cronJob: CronJob) -> Bool {
        metadata.ownerReferences.contains { $0.uid == cronJob.metadata.uid }
    }

    /// Whether a CronJob of that name owns it.
    public func isOwned(byCronJob name: String) -> Bool {
        metadata.ownerReferences.contains { $0.isOf(CronJob.resourceKind) && $0.name == name }
    }

    private enum Annotation {
        static let scheduledTimestamp = "batch.kubernetes.io/cronjob-scheduled-timestamp"
        static let instantiate = "cronjob.kubernetes.io/instantiate"
    }

    private enum CodingKeys: String, CodingKey { case metadata }

    private struct Annotated: Codable {
        var annotations: [String: String]?
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        // Anyone who may create Jobs can put any text there.
        let annotations =
            try container.decode(Annotated.self, forKey: .metadata).annotations?
            .mapValues { $0.head(bytes: 256) } ?? [:]
        scheduledTimestamp = annotations[Annotation.scheduledTimestamp].flatMap(Timestamp.init)
        isManual = annotations[Annotation.instantiate] == "manual"
        if let uid = annotations[ReportsAPI.Annotation.requestUID] {
            served = Served(request: annotations[ReportsAPI.Annotation.request] ?? metadata.name, uid: uid)
        }
    }
}
