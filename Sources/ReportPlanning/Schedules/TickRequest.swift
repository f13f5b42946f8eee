package import Calendars
package import KubernetesModel
package import ReportAPI

/// The manifest of the request that a tick becomes.
package struct TickRequest: Encodable, Hashable, Sendable {
    package struct Metadata: Encodable, Hashable, Sendable {
        package var name: String
        package let namespace: String
        package var labels: [String: String]
        package let annotations: [String: String]
        package let finalizers: [String]
    }

    package let apiVersion = ReportRequest.resourceKind.apiVersion
    package let kind = ReportRequest.resourceKind.kind
    package var metadata: Metadata
    package let spec: ReportRequestSpec

    /// The name of its tick.
    package var name: String { metadata.name }

    /// Under which it is made where something else has the tick's name, such as the request of an earlier Job of that name.
    package let otherName: String
    private let schedule: String
    private let tick: String

    private enum CodingKeys: String, CodingKey { case apiVersion, kind, metadata, spec }

    /// What a template becomes for one tick; `time` is what the placeholders stand for.
    package init(
        of tick: Tick, cronJob: CronJob, schedule: ReportSchedule, template: ScheduleTemplate, time: Timestamp,
        zone: ZoneRules
    ) {
        let own = [
            ReportsAPI.Label.managedBy: ReportsAPI.manager,
            ReportsAPI.Label.schedule: ObjectNames.label(schedule.metadata.name),
            ReportsAPI.Label.scheduleUID: schedule.metadata.uid,
            ReportsAPI.Label.tickUID: tick.metadata.uid,
            ReportsAPI.Label.cronJobUID: cronJob.metadata.uid,
        ]
        let scheduledTime = [ReportsAPI.Annotation.scheduledTime: "\(zone.local(time))"]
        metadata = Metadata(
            name: tick.metadata.name,
            namespace: tick.metadata.namespace,
            labels: template.labels.merging(own) { $1 },
            // A template that was copied from a request must not make copies of it.
            annotations: template.annotations.filter { $0.key != ReportsAPI.Annotation.acceptedUID }
                .merging(scheduledTime) { $1 },
            finalizers: [ReportsAPI.Finalizer.tick])
        spec = template.spec(at: time, in: zone)
        self.schedule = schedule.metadata.uid
        self.tick = tick.metadata.uid
        otherName = Self.otherName(of: tick)
    }

    static func otherName(of tick: Tick) -> String {
        "\(tick.metadata.name.prefix(200))-\(Fingerprint.of(tick.metadata.uid))"
    }

    package func named(_ name: String) -> TickRequest {
        var copy = self
        copy.metadata.name = name
        copy.metadata.labels[ReportsAPI.Label.origin] = ReportRequest.origin(
            schedule: schedule, tick: tick, namespace: metadata.namespace, name: name)
        return copy
    }
}
