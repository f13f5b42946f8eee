import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning
import ZoneFiles

/// Observe, plan, apply: one pass for one pipeline, whose status is all that is ever written of it.
struct PipelineReconciler: Sendable {
    let pipelines: Store<ReportPipeline>
    /// One that reads nothing back: the operator may not get pipelines, and the watch brings the newer one.
    let writer: ClusterWriter
    let zones: ZoneFiles
    let logger: Logger
    let now: @Sendable () -> Date

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        // What is in the cache is old while it can't be read, and nothing is to be written on its strength.
        guard let pipeline = pipelines.get(key), pipelines.undecodable(key) == nil,
            let status = PipelinePlanner.plan(
                pipeline, zoneFault: zones.fault(of: pipeline.spec.value?.report?.timeZone), now: Timestamp(now()))
        else { return .done }
        do {
            try await writer.patch(
                pipelines, name: key.name, namespace: key.namespace, merge: PipelineStatusPatch(pipeline, to: status),
                subresource: .status)
        } catch let error as Stale {
            logger.debug("Requeued", metadata: ["pipeline": "\(key)", "why": "\(error)"])
            return .lookAgain
        }
        guard let ready = status.ready, ready.status != pipeline.status?.ready?.status else { return .done }
        logger.info("Checked pipeline", metadata: ["pipeline": "\(key)", "ready": "\(ready.status)"])
        return .done
    }
}
