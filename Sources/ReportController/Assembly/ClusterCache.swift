package import ControllerRuntime
package import KubernetesModel
package import ReportAPI
import ReportPlanning

/// What the watches have told of the cluster, indexed the way the controllers ask.
package struct ClusterCache: Sendable {
    package let requests: Store<ReportRequest>
    package let pipelines: Store<ReportPipeline>
    package let jobs: Store<Job>
    package let pods: Store<Pod>

    package init() {
        requests = Store(
            indexers: [
                Index.uid: { ["\($0.metadata.ownerKey)"] },
                Index.schedule: { $0.metadata.scheduleKey.map { ["\($0)"] } ?? [] },
                Index.holder: { request in
                    // A copy that was restored as it ran has nothing that runs.
                    guard request.status?.phase?.holdsSlot ?? false, !request.isRestored,
                        let group = ConcurrencyGroup(request)
                    else {
                        return []
                    }
                    return [group.id]
                },
                Index.pipeline: { request in
                    guard request.isUnaccepted, let name = request.spec.value?.pipelineRef?.name else { return [] }
                    return [Index.pipelineValue(namespace: request.metadata.namespace, name: name)]
                },
                Index.phase: { [$0.status?.phase?.rawValue ?? ""] },
            ], orders: [Order.waiting, Order.arriving])
        pipelines = Store(indexers: [
            Index.group: { pipeline in
                pipeline.spec.value.map { spec in
                    let metadata = pipeline.metadata
                    return [ConcurrencyGroup(namespace: metadata.namespace, pipeline: spec, name: metadata.name).id]
                } ?? []
            }
        ])
        jobs = Store(indexers: [
            Index.request: { job in
                job.requestUID.map { ["\(OwnerKey(namespace: job.metadata.namespace, uid: $0))"] } ?? []
            },
            Index.liveGroup: { $0.isFinished || $0.requestUID == nil ? [] : $0.metadata.concurrencyGroups },
        ])
        pods = Store(indexers: [
            Index.job: { pod in
                guard let job = pod.metadata.controller(of: Job.resourceKind) else { return [] }
                return ["\(ObjectKey(namespace: pod.metadata.namespace, name: job.name))"]
            },
            Index.liveGroup: { pod in
                guard !pod.hasEnded, pod.metadata.controller(of: Job.resourceKind) != nil else { return [] }
                return pod.metadata.concurrencyGroups
            },
        ])
    }

    /// Every store, children before parents: no request is looked at before its Jobs are known.
    package var stores: [any SyncedStore] { [jobs, pods, pipelines, requests] }

    /// The request of that uid, while it is there.
    func request(_ owner: OwnerKey) -> ReportRequest? {
        requests.indexed(by: Index.uid, value: "\(owner)").first
    }

    /// The place of a request among those that wait.
    func position(of request: ReportRequest) -> QueuePosition {
        QueuePosition(request, arrival: requests.firstVersion(of: request.key))
    }

    /// The request's Jobs.
    func jobs(of request: ReportRequest) -> [Job] {
        jobs.indexed(by: Index.request, value: "\(request.metadata.ownerKey)")
    }

    /// The pods of these Jobs of the request, and of those that are gone.
    func pods(of request: ReportRequest, jobs: [Job]) -> [Pod] {
        let earlier = (request.status?.previousAttempts ?? []).flatMap { $0.stages ?? [] }
        let gone = ((request.status?.stages ?? []) + earlier).compactMap(\.job)
        return Set(jobs.map(\.metadata.name) + gone).flatMap { name in
            pods.indexed(by: Index.job, value: "\(ObjectKey(namespace: request.metadata.namespace, name: name))")
                .filter { owner(of: $0)?.uid == request.metadata.uid }
        }
    }

    /// Whether only its own word is missing that a Job is Complete.
    func isSpent(_ job: Job) -> Bool { job.isSpent(by: pods.indexed(by: Index.job, value: "\(job.key)")) }

    /// The request that a Job is of, also when it is gone.
    func owner(of job: Job) -> OwnerKey? {
        job.requestUID.map { OwnerKey(namespace: job.metadata.namespace, uid: $0) }
    }

    /// The request that a pod is of, also when that is gone.
    func owner(of pod: Pod) -> OwnerKey? {
        let namespace = pod.metadata.namespace
        guard let controller = pod.metadata.controller(of: Job.resourceKind) else { return nil }
        if let job = jobs.get(ObjectKey(namespace: namespace, name: controller.name)),
            job.metadata.uid == controller.uid
        {
            return owner(of: job)
        }
        guard let uid = pod.metadata.labels[ReportsAPI.Label.requestUID] else { return nil }
        let claimed = OwnerKey(namespace: namespace, uid: uid)
        if let request = request(claimed) { return request.owns(pod) ? claimed : nil }
        return pod.requestUIDOfRemnant == uid ? claimed : nil
    }

    /// The pipeline that a request refers to, while it is there.
    func pipeline(of request: ReportRequest) -> ReportPipeline? {
        guard let name = request.spec.value?.pipelineRef?.name else { return nil }
        return pipelines.get(ObjectKey(namespace: request.metadata.namespace, name: name))
    }

    /// The group that a request queues in, or would queue in if it were accepted now.
    func concurrencyGroup(of request: ReportRequest) -> ConcurrencyGroup? {
        concurrencyGroup(of: request, by: pipeline(of: request))
    }

    /// The same by what was read of its pipeline at another moment.
    func concurrencyGroup(of request: ReportRequest, by pipeline: ReportPipeline?) -> ConcurrencyGroup? {
        if let group = ConcurrencyGroup(request) { return group }
        guard let spec = request.spec.value?.pipeline ?? pipeline?.spec.value else { return nil }
        return ConcurrencyGroup(
            namespace: request.metadata.namespace, pipeline: spec, name: ConcurrencyGroup.name(for: request))
    }

    enum Index {
        static let uid = "uid"
        static let schedule = "schedule"
        static let group = "group"
        static let holder = "holder"
        static let pipeline = "pipeline"
        static let request = "request"
        static let job = "job"
        static let liveGroup = "live-group"
        static let phase = "phase"

        static func groupValue(namespace: String, id: String) -> String { "\(namespace)/\(id)" }

        static func pipelineValue(namespace: String, name: String) -> String { "\(namespace)/\(name)" }
    }

    /// The waiting requests in order. To find the next one costs the same however many there are.
    enum Order {
        /// Those that are accepted and haven't started, by concurrency group. One of a limit of three may start beside two
        /// others, so it has to be looked at when it is among the first three.
        static let waiting = StoreOrder<ReportRequest, QueuePosition>("waiting") { request, version in
            guard request.status?.phase == .queued, !request.isRestored, let group = ConcurrencyGroup(request) else {
                return nil
            }
            return .init(group: group.id, position: QueuePosition(request, arrival: version), reach: group.limit)
        }

        /// Those with which nothing has been agreed yet, by the pipeline that they refer to, or by the concurrency group of
        /// one that they bring.
        static let arriving = StoreOrder<ReportRequest, QueuePosition>("arriving") { request, version in
            guard request.isUnaccepted, let spec = request.spec.value else { return nil }
            let namespace = request.metadata.namespace
            let line: String
            if let inline = spec.pipeline {
                let name = ConcurrencyGroup.name(for: request)
                line = bringing(ConcurrencyGroup(namespace: namespace, pipeline: inline, name: name).id)
            } else if let name = spec.pipelineRef?.name {
                line = referring(to: ObjectKey(namespace: namespace, name: name))
            } else {
                return nil
            }
            return .init(group: line, position: QueuePosition(request, arrival: version))
        }

        static func bringing(_ group: String) -> String { "in \(group)" }

        static func referring(to pipeline: ObjectKey) -> String { "of \(pipeline)" }
    }

    /// The lines of those who would come into that group.
    func arrivals(to group: String) -> [String] {
        [Order.bringing(group)]
            + pipelines.indexed(by: Index.group, value: group).map { Order.referring(to: $0.key) }
    }
}

extension ReportRequest {
    /// Whether nothing has been agreed with it yet, and it isn't over either.
    var isUnaccepted: Bool { status?.accepted == nil && !(status?.isTerminal ?? false) && !isRestored }
}

extension ObjectMeta {
    /// The schedule that it says it is of.
    var scheduleKey: OwnerKey? {
        labels[ReportsAPI.Label.scheduleUID].map { OwnerKey(namespace: namespace, uid: $0) }
    }

    fileprivate var concurrencyGroups: [String] {
        labels[ReportsAPI.Label.concurrencyGroup].map { [ClusterCache.Index.groupValue(namespace: namespace, id: $0)] }
            ?? []
    }
}
