import ControllerRuntime
import KubernetesModel
import ReportAPI

/// What the watches have reported of triggers and of what they name.
struct TriggerCache: Sendable {
    let triggers = Store<ReportTrigger>(
        indexers: [
            Index.pipeline: { trigger in
                guard let name = trigger.spec.value?.request.pipelineRef.name else { return [] }
                return ["\(ObjectKey(namespace: trigger.metadata.namespace, name: name))"]
            },
            Index.ready: { ["\($0.status?.ready?.isTrue ?? false)"] },
        ])
    let requests: Store<ReportRequest>
    let pipelines: Store<ReportPipeline>

    init(requests: Store<ReportRequest>, pipelines: Store<ReportPipeline>) {
        self.requests = requests
        self.pipelines = pipelines
    }

    /// Every store, children before parents.
    var stores: [any SyncedStore] { [pipelines, requests, triggers] }

    /// Those that name the pipeline.
    func triggers(of pipeline: ObjectKey) -> [ReportTrigger] {
        triggers.indexed(by: Index.pipeline, value: "\(pipeline)")
    }

    /// `ready`: `true` or `false`.
    func countOfTriggers(ready: String) -> Int { triggers.count(by: Index.ready, value: ready) }

    private enum Index {
        static let ready = "ready"
        static let pipeline = ClusterCache.Index.pipeline
    }
}

extension ReportRequest {
    /// Whether it was made for the trigger of that uid. A copy under another name has a name that no trigger looks for.
    func isMade(forTrigger uid: String) -> Bool { metadata.labels[ReportsAPI.Label.triggerUID] == uid }
}
