package import Calendars
package import KubernetesModel
package import ReportAPI

/// A report at certain times.
package struct ScheduleView: Hashable, Sendable, JSONWritable {
    package var namespace: String
    package var name: String
    package var spec: ReportScheduleSpec?
    package var sentence: String?
    /// None where it is suspended or not ready.
    package var next: [NextTime]
    /// `True`, `False` or `Unknown`.
    package var ready: String
    package var message: String?
    package var active: [String]?
    package var lastScheduleTime: Timestamp?
    package var lastSuccessfulTime: Timestamp?
    /// Why it can't be read.
    package var fault: String?
    package var resourceVersion: String?
    package var createdAt: Timestamp?

    /// `zone`: the rules of a zone by its name, nil where there is none of that name.
    package init(_ schedule: ReportSchedule, now: Timestamp, zone: (String) -> ZoneRules?) {
        let (metadata, status) = (schedule.metadata, schedule.status)
        namespace = metadata.namespace
        name = metadata.name
        spec = schedule.spec.value
        if case .fault(let fault) = schedule.spec { self.fault = fault }
        ready = status?.ready?.status ?? "Unknown"
        message = status?.ready?.message ?? (fault == nil ? "the operator hasn't seen it yet" : nil)
        active = status?.active?.map(\.name)
        lastScheduleTime = status?.lastScheduleTime
        lastSuccessfulTime = status?.lastSuccessfulTime
        resourceVersion = metadata.resourceVersion.isEmpty ? nil : metadata.resourceVersion
        createdAt = metadata.creationTimestamp
        next = []
        if let spec, let expression = try? CronExpression(spec.schedule) {
            sentence = CronSentence.text(of: spec.schedule, zone: spec.timeZone)
            // Without a zone it is the controller manager's, which is UTC almost everywhere.
            if spec.suspend != true, status?.ticks != false, let rules = spec.timeZone.map(zone) ?? .utc {
                next = NextTime.five(of: expression, after: now, in: rules)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        let request = spec?.request.spec
        writer.object {
            $0.member("namespace", namespace)
            $0.member("name", name)
            $0.member("schedule", spec?.schedule ?? "")
            $0.member("timeZone", spec?.timeZone)
            $0.member("sentence", sentence)
            $0.member("next", next)
            $0.member("concurrencyPolicy", spec.map { ($0.concurrencyPolicy ?? .forbid).rawValue })
            $0.member("startingDeadlineSeconds", spec?.startingDeadlineSeconds)
            $0.member("suspend", spec?.suspend ?? false)
            $0.member("ready", ready)
            $0.member("message", message)
            $0.member("pipeline", request.map { $0.pipelineRef?.name ?? ReportRequestStatus.inlinePipelineName })
            $0.member("parameters", request?.parameters.map { .object($0) })
            $0.member("formats", request?.output?.formats)
            $0.member("deliver", request?.deliver?.map(DeliverView.init))
            $0.member("priority", request?.priority)
            $0.member("ttlSecondsAfterFinished", request?.ttlSecondsAfterFinished)
            $0.member("requester", request?.requester.map(Person.init))
            $0.member("active", active)
            $0.member("lastScheduleTime", lastScheduleTime)
            $0.member("lastSuccessfulTime", lastSuccessfulTime)
            $0.member("fault", fault)
            $0.member("resourceVersion", resourceVersion)
            $0.member("createdAt", createdAt)
        }
    }
}
