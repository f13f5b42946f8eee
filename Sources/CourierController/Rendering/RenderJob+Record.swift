import FoundationEssentials
import KubernetesModel
package import ReportAPI
import ReportLayout
package import ReportRecords

extension RenderJob {
    /// What is made of a report that is recorded, with the layout that was pinned with it.
    package init(_ format: OutputFormat, _ record: ReportRecord, _ result: ReportResult) {
        let pipeline: PipelineSpec? = if case .spec(let spec) = record.pinned { spec } else { nil }
        self.init(
            format: format, layout: pipeline?.report, result: result,
            identity: ReportIdentity(
                reportID: record.uid, namespace: record.namespace, name: record.name,
                pipeline: record.pipeline == ReportRequestStatus.inlinePipelineName ? nil : record.pipeline,
                attempt: result.attempt, publishedAt: Timestamp(result.publishedAt),
                asOf: Timestamp(result.asOf ?? record.start(ofAttempt: result.attempt)),
                requester: record.requester?.name ?? record.requester?.email,
                parameters: (record.parameters ?? [:]).mapValues(JSONValue.string)),
            pipelineTitle: pipeline?.title, parameters: pipeline?.parameters,
            timeZone: pipeline?.report?.timeZone ?? "UTC")
    }
}

extension ReportRecord {
    /// When the first stage of an attempt started; when the request was made, where that isn't known.
    fileprivate func start(ofAttempt number: Int) -> Date {
        let start = number == attempt ? startedAt : previousAttempts?.first { $0.attempt == number }?.startedAt
        return start ?? createdAt
    }
}
