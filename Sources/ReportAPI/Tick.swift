package import KubernetesModel

/// A Job that a schedule's CronJob makes: it starts no pod, and becomes one request.
package struct Tick: KubernetesResource, Hashable {
    package static let resourceKind = Job.resourceKind

    /// The request that was made for a tick.
    package struct Served: Hashable, Sendable {
        package var request: String
        package var uid: String

        package init(request: String, uid: String) {
            self.request = request
            self.uid = uid
        }
    }

    package var metadata: ObjectMeta
    /// Written by Kubernetes 1.32 and later.
    package var scheduledTimestamp: Timestamp?
    /// Whether somebody asked for it with `kubectl create job --from`.
    package var isManual: Bool
    package var served: Served?

    package init(
        metadata: ObjectMeta, scheduledTimestamp: Timestamp? = nil, isManual: Bool = false, served: Served? = nil
    ) {
        self.metadata = metadata
        self.scheduledTimestamp = scheduledTimestamp
        self.isManual = isManual
        self.served = served
    }

    /// Whether it is of that CronJob. kubectl's Jobs are owned too, and not always controlled.
    package func belongs(to cronJob: CronJob) -> Bool {
        metadata.ownerReferences.contains { $0.uid == cronJob.metadata.uid }
    }

    /// Whether a CronJob of that name owns it.
    package func isOwned(byCronJob name: String) -> Bool {
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

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        // Whoever may create Jobs can put any text there.
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
