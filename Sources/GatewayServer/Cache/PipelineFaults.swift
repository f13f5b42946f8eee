internal import GatewayAPI
internal import KubernetesModel
internal import ReportAPI
internal import Synchronization

/// Why nothing can be asked of a pipeline, found out once for each of its versions: it takes as long as all the rest of a list.
final class PipelineFaults: Sendable {
    private struct Found {
        let uid: String
        let version: String
        let fault: String?
    }

    private let check: @Sendable (ReportPipeline) -> String?
    private let found = Mutex<[ObjectKey: Found]>([:])

    init(check: @escaping @Sendable (ReportPipeline) -> String? = { PipelineSummaryView.fault(of: $0) }) {
        self.check = check
    }

    /// Of these pipelines, in their order. Of others nothing is kept.
    func faults(of pipelines: [ReportPipeline]) -> [String?] {
        let known = found.withLock { $0 }
        var next: [ObjectKey: Found] = [:]
        let faults = pipelines.map { pipeline -> String? in
            let metadata = pipeline.metadata
            if let found = known[pipeline.key], found.uid == metadata.uid, found.version == metadata.resourceVersion {
                next[pipeline.key] = found
                return found.fault
            }
            let fault = check(pipeline)
            next[pipeline.key] = Found(uid: metadata.uid, version: metadata.resourceVersion, fault: fault)
            return fault
        }
        found.withLock { $0 = next }
        return faults
    }
}
