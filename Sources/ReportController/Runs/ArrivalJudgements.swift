import KubernetesModel
import ReportAPI
import ReportPlanning
import Synchronization

/// Which of those that have come and aren't accepted yet can run.
///
/// Each is asked about whenever another one of its line is looked at, and to judge one is to check all of its pipeline. So the
/// answer is kept for as long as neither it nor its pipeline changes.
final class ArrivalJudgements: Sendable {
    private struct Judgement {
        var version: String
        var pipelineVersion: String?
        var zoneFault: String?
        var canRun: Bool
    }

    private let byRequest = Mutex<[ObjectKey: Judgement]>([:])

    /// `isThere`: whether there is still such a request; what has gone meanwhile is not kept.
    func canRun(
        _ request: ReportRequest, by pipeline: ReportPipeline?, zoneFault: String?, isThere: (ObjectKey) -> Bool
    ) -> Bool {
        let (key, version) = (request.key, request.metadata.resourceVersion)
        let pipelineVersion = pipeline?.metadata.resourceVersion
        if let known = byRequest.withLock({ $0[key] }), known.version == version,
            known.pipelineVersion == pipelineVersion, known.zoneFault == zoneFault
        {
            return known.canRun
        }
        let canRun =
            switch Acceptance.judge(request, pipeline: pipeline, zoneFault: zoneFault) {
            case .accepted: true
            case .refused, .pipelineMissing: false
            }
        let judgement = Judgement(
            version: version, pipelineVersion: pipelineVersion, zoneFault: zoneFault, canRun: canRun)
        byRequest.withLock { $0[key] = judgement }
        if !isThere(key) { forget(key) }
        return canRun
    }

    /// It is accepted, over, or gone: nobody asks any more.
    func forget(_ request: ObjectKey) { byRequest.withLock { $0[request] = nil } }

    /// Of how many requests something is kept.
    var count: Int { byRequest.withLock { $0.count } }
}
