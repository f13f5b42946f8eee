package import Calendars
package import KubernetesModel
package import ReportAPI

/// When a schedule ticks, and how.
package struct ScheduleTiming: Hashable, Sendable {
    package var schedule: String
    package var timeZone: String?
    package var concurrencyPolicy: ReportScheduleSpec.ConcurrencyPolicy?
    package var startingDeadlineSeconds: Int?
    package var suspend: Bool?

    init(_ fields: inout BodyFields) {
        schedule = fields.text("schedule", TextRule(1...200), required: true) ?? ""
        timeZone = fields.text("timeZone", .zone)
        concurrencyPolicy = fields.choice("concurrencyPolicy")
        startingDeadlineSeconds = fields.integer("startingDeadlineSeconds", 10...Int(Int32.max))
        suspend = fields.bool("suspend")
    }
}

/// Of `POST /schedules`.
package struct NewScheduleBody: Hashable, Sendable {
    package var namespace: String
    package var name: String
    package var timing: ScheduleTiming
    package var wish: RequestWish
    /// The body itself, for its fingerprint.
    package let json: JSONValue

    package init(_ bytes: [UInt8]) throws(Problem) {
        let read = try BodyFields.read(bytes) { fields in
            (
                namespace: fields.text("namespace", .name, required: true) ?? "",
                name: fields.text("name", .scheduleName, required: true) ?? "", timing: ScheduleTiming(&fields),
                wish: RequestWish(&fields)
            )
        }
        (namespace, name, timing, wish) = read.body
        json = read.json
    }

    /// What the operator would refuse, each beside its field. `zone`: the rules of a zone by its name, nil where there is none.
    package func faults(
        pipeline: ReportPipeline, channels: KnownChannels? = nil, requester: Person? = nil, now: Timestamp,
        zone: (String) -> ZoneRules?
    ) -> [FieldError] {
        WishChecks(wish, pipeline: pipeline, channels: channels, requester: requester).scheduleFaults(
            timing, now: now, zone: zone)
    }

    package func spec(for requester: Person) -> ReportScheduleSpec { .init(timing, wish.spec(for: requester)) }
}

/// Of `PUT /schedules/{namespace}/{name}`.
package struct ScheduleReplacementBody: Hashable, Sendable {
    package var timing: ScheduleTiming
    package var wish: RequestWish
    /// Of what it was made from; without one it replaces whatever there is.
    package var resourceVersion: String?

    package init(_ bytes: [UInt8]) throws(Problem) {
        (timing, wish, resourceVersion) = try BodyFields.read(bytes) { fields in
            (
                ScheduleTiming(&fields), RequestWish(&fields), fields.text("resourceVersion", TextRule(0...64))
            )
        }.body
    }

    /// The same as of a new one.
    package func faults(
        pipeline: ReportPipeline, channels: KnownChannels? = nil, requester: Person? = nil, now: Timestamp,
        zone: (String) -> ZoneRules?
    ) -> [FieldError] {
        WishChecks(wish, pipeline: pipeline, channels: channels, requester: requester).scheduleFaults(
            timing, now: now, zone: zone)
    }

    /// `earlier`: what it replaces, of which stays what a body has no member for.
    package func spec(for requester: Person, replacing earlier: ReportScheduleSpec?) -> ReportScheduleSpec {
        var spec = ReportScheduleSpec(timing, wish.spec(for: requester))
        spec.history = earlier?.history
        spec.request.metadata = earlier?.request.metadata
        return spec
    }
}

/// Of `PATCH /schedules/{namespace}/{name}`.
package struct SchedulePatchBody: Hashable, Sendable {
    package var suspend: Bool

    package init(_ bytes: [UInt8]) throws(Problem) {
        suspend = try BodyFields.read(bytes) { fields in fields.bool("suspend", required: true) ?? false }.body
    }

    /// A JSON merge patch of the resource (RFC 7386).
    package var mergePatch: JSONValue { .object(["spec": .object(["suspend": .bool(suspend)])]) }
}

extension ReportScheduleSpec {
    fileprivate init(_ timing: ScheduleTiming, _ request: ReportRequestSpec) {
        self.init(
            schedule: timing.schedule, timeZone: timing.timeZone, concurrencyPolicy: timing.concurrencyPolicy,
            startingDeadlineSeconds: timing.startingDeadlineSeconds, suspend: timing.suspend,
            request: RequestTemplate(spec: request))
    }
}
