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
                asOf: Timestamp(record.asOf(result)),
                requester: record.requester?.name ?? record.requester?.email,
                parameters: pipeline?.values(ofTexts: record.parameters ?? [:])
                    ?? JSONObject(texts: record.parameters ?? [:])),
            pipelineTitle: pipeline?.title, parameters: pipeline?.parameters,
            timeZone: pipeline?.report?.timeZone ?? "UTC")
    }
}
