import Calendars
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// A schedule is held against its pipeline, and against the calendar, before its time comes.
struct SchedulePipelineTests {
    private let parameters: [ParameterSpec] = [
        .init(name: "period", type: .month, required: true), .init(name: "asOf", type: .date),
        .init(name: "year", type: .integer), .init(name: "plants", type: .string, enum: ["a", "b"], multiple: true),
        .init(name: "size", type: .string, enum: ["small", "large"]),
    ]

    private func spec(_ values: JSONObject, schedule: String = "0 6 1 * *") -> ReportScheduleSpec {
        .fixture().with {
            $0.schedule = schedule
            $0.request.spec.parameters = values
        }
    }

    private func ready(
        _ spec: ReportScheduleSpec, _ pipeline: ObservedSchedule.Pipeline, age: Int64 = 3600
    ) throws -> Condition {
        let schedule = ReportSchedule(
            metadata: ObjectMeta(
                name: "nightly", namespace: "finance", uid: "s-1", resourceVersion: "7", generation: 3,
                creationTimestamp: .start),
            spec: spec)
        var observed = ObservedSchedule(uid: "s-1", schedule: schedule, pipeline: pipeline)
        guard case .createCronJob(_, let manifest)? = SchedulePlanner.plan(observed, now: .start).actions.last else {
            throw Nothing()
        }
        observed.cronJob = try manifest.decoded(CronJob.self)
        let now = Timestamp.start.after(age)
        let plan = SchedulePlanner.plan(observed, now: now)
        #expect(plan.actions.isEmpty, "it ticks on")
        observed.schedule?.status = plan.status
        #expect(SchedulePlanner.plan(observed, now: now).isEmpty, "nothing more is written")
        return try #require(plan.status?.ready)
    }

    private struct Nothing: Error {}

    private func found(_ pipeline: PipelineSpec? = nil) -> ObservedSchedule.Pipeline {
        .found(.fixture("trial-balance", pipeline ?? .chain("a").with { $0.parameters = parameters }), zoneFault: nil)
    }

    @Test(
        arguments: [
            ["period": "{month-1}"], ["period": "2026-10", "asOf": "{date-1}"], ["period": "{month}"],
            ["period": "{month}", "asOf": "{month}-31"], ["period": "{year}-01", "year": "{year-1}"],
            ["period": "{month}", "plants": ["a", "b"]], ["period": "{month}", "size": "{year}"],
        ] as [JSONObject])
    func whatFitsAtSomeTimeIsReady(values: JSONObject) throws {
        let ready = try ready(spec(values), found())
        #expect(ready.isTrue && ready.reason == Reason.scheduled, "\(ready.message)")
    }

    @Test(
        arguments: [
            (["period": "{date}"], #"spec.request.spec.parameters.period: "2028-01-01" is not a month"#),
            (["period": "{month-1}", "asOf": "{month-1}"], #"parameters.asOf: "2027-12" is not a date"#),
            (["period": "{month-1}", "asOf": "{month-1}"], #"; that is what "{month-1}" becomes; runs fail"#),
            (["period": "{month}", "asOf": "{month}-32"], #"parameters.asOf: "2028-01-32" is not a date"#),
            (["period": "{month}", "year": "{time}"], "parameters.year: "),
            ([:], "spec.request.spec.parameters.period: is required and must be a month"),
            (["period": "{month}", "perod": "x"], "parameters.perod: is unknown; the pipeline takes period, asOf"),
            (["period": "{month}", "plants": ["a", "c"]], #"parameters.plants[1]: "c" is not one of a, b"#),
            (["period": "{month}", "size": "medium"], #"parameters.size: "medium" is not one of small, large"#),
        ] as [(JSONObject, String)])
    func whatNeverFitsIsNamed(values: JSONObject, message: String) throws {
        let ready = try ready(spec(values), found())
        #expect(ready.status == "False" && ready.reason == Reason.invalidParameters)
        #expect(ready.message.contains(message), "\(ready.message)")
    }

    @Test func aPipelineThatIsMissingIsToldAfterItsMinute() throws {
        let spec = spec(["period": "{month}"])
        #expect(try ready(spec, .missing, age: 59).isTrue)
        let ready = try ready(spec, .missing, age: 60)
        #expect(ready.status == "False" && ready.reason == Reason.pipelineNotFound)
        #expect(ready.message.hasPrefix(#"there is no ReportPipeline "trial-balance" in namespace finance; "#))
    }

    @Test func itIsLookedAtAgainWhenTheMinuteIsOver() throws {
        let schedule = ReportSchedule(
            metadata: ObjectMeta(name: "nightly", namespace: "finance", uid: "s-1", creationTimestamp: .start),
            spec: spec([:]))
        let manifest = ScheduleCronJob.manifest(schedule, spec([:]), version: "v1")
        let observed = ObservedSchedule(
            uid: "s-1", schedule: schedule, pipeline: .missing, cronJob: try manifest.decoded(CronJob.self))
        #expect(SchedulePlanner.plan(observed, now: .start.after(20)).wakeAt == .start.after(60))
        let next = try #require(SchedulePlanner.plan(observed, now: .start.after(60)).status?.nextScheduleTime)
        #expect(SchedulePlanner.plan(observed, now: .start.after(60)).wakeAt == next.after(30))
    }

    @Test func aPipelineThatCanNotRunIsNamedWithItsFaults() throws {
        let faulty = PipelineSpec.chain("a").concurrency(limit: 0)
        let ready = try ready(spec([:]), found(faulty))
        #expect(ready.status == "False" && ready.reason == Reason.pipelineNotReady)
        #expect(ready.message.hasPrefix("ReportPipeline trial-balance: spec.concurrency.limit: 0 is out of bounds"))
    }

    @Test func aPipelineOfItsOwnIsCheckedToo() throws {
        let spec = spec(["period": "{date}"]).with {
            $0.request.spec.pipelineRef = nil
            $0.request.spec.pipeline = .chain("a").concurrency(limit: 0).with { $0.parameters = parameters }
        }
        let ready = try ready(spec, .unknown)
        #expect(ready.reason == Reason.invalidParameters)
        #expect(ready.message.contains("spec.request.spec.pipeline.concurrency.limit: 0"), "\(ready.message)")
        #expect(ready.message.contains("spec.request.spec.parameters.period: "), "\(ready.message)")
    }

    @Test(arguments: [("0 0 30 2 *", true), ("0 0 31 4,6 *", true), ("0 0 29 2 *", false), ("0 0 30 2 1", false)])
    func aTimeThatNeverComesIsTold(schedule: String, isNever: Bool) throws {
        let ready = try ready(spec(["period": "{month}"], schedule: schedule), found())
        #expect(ready.isTrue == !isNever)
        guard isNever else { return }
        #expect(ready.reason == Reason.neverDue)
        #expect(ready.message.hasPrefix("spec.schedule: \"\(schedule)\" never comes"), "\(ready.message)")
        #expect(ready.message.contains("set spec.suspend to true"))
    }

    /// One that is kept for reports by hand is nobody's mistake.
    @Test func aSuspendedOneIsNotHeldAgainstTheCalendar() throws {
        let spec = spec(["period": "{month}"], schedule: "0 0 30 2 *").with { $0.suspend = true }
        #expect(try ready(spec, .missing).reason == Reason.suspended)
    }
}
