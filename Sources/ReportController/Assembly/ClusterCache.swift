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
    let arrivals = Arrivals()

    package init() {
        requests = Store(indexers: [
            Index.uid: { [$0.metadata.uid] },
            Index.schedule: { $0.metadata.scheduleUID },
            Index.group: { request in
                guard !(request.status?.isTerminal ?? false), let group = ConcurrencyGroup(request) else { return [] }
                return [group.id]
            },
            Index.holder: { request in
                guard request.status?.phase?.holdsSlot ?? false, let group = ConcurrencyGroup(request) else {
                    return []
                }
                return [group.id]
            },
            Index.pipeline: { request in
                guard request.isUnaccepted, let name = request.spec.value?.pipelineRef?.name else { return [] }
                return [Index.pipelineValue(namespace: request.metadata.namespace, name: name)]
            },
            Index.unaccepted: { $0.isUnaccepted ? [Index.yes] : [] },
        ])
        pipelines = Store()
        jobs = Store(indexers: [
            Index.request: { $0.metadata.labels[ReportsAPI.Label.requestUID].map { [$0] } ?? [] },
            Index.liveGroup: { $0.isFinished ? [] : $0.metadata.concurrencyGroups },
        ])
        pods = Store(indexers: [
            Index.request: { $0.metadata.labels[ReportsAPI.Label.requestUID].map { [$0] } ?? [] },
            Index.liveGroup: { $0.hasEnded ? [] : $0.metadata.concurrencyGroups },
        ])
    }

    /// Every store, children before parents: no request is looked at before its Jobs are known.
    package var stores: [any SyncedStore] { [jobs, pods, pipelines, requests] }

    /// The request of that uid, while it is there.
    func request(uid: String) -> ReportRequest? {
        requests.indexed(by: Index.uid, value: uid).first
    }

    /// Where a request stands among those that wait.
    func position(of request: ReportRequest) -> QueuePosition {
        QueuePosition(request, arrival: arrivals.of(request))
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
        static let unaccepted = "unaccepted"
        static let request = "request"
        static let liveGroup = "live-group"
        static let yes = "yes"

        static func pipelineValue(namespace: String, name: String) -> String { "\(namespace)/\(name)" }
    }
}

extension ReportRequest {
    /// Whether nothing has been agreed with it yet, and it isn't over either.
    var isUnaccepted: Bool { status?.accepted == nil && !(status?.isTerminal ?? false) }
}

extension ObjectMeta {
    /// The uid of the schedule that it is of; for an index.
    var scheduleUID: [String] { labels[ReportsAPI.Label.scheduleUID].map { [$0] } ?? [] }

    fileprivate var concurrencyGroups: [String] {
        labels[ReportsAPI.Label.concurrencyGroup].map { [$0] } ?? []
    }
}
