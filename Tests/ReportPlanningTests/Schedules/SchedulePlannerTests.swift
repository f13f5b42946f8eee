import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Single decisions; what holds of whole lives stands in `ScheduleScenarioTests`.
struct SchedulePlannerTests {
    private let cronJob = CronJob(
        metadata: ObjectMeta(name: "nightly", namespace: "finance", uid: "c-1", resourceVersion: "5"),
        spec: .init(schedule: "* * * * *", jobTemplate: .init(spec: .init(parallelism: 0))))

    private func schedule(_ spec: ReportScheduleSpec = .fixture()) -> ReportSchedule {
        ReportSchedule(
            metadata: ObjectMeta(
                name: "nightly", namespace: "finance", uid: "s-1", resourceVersion: "7", generation: 3),
            spec: spec)
    }

    private func tick(_ name: String, isManual: Bool = false, scheduled: String? = nil) -> Tick {
        Tick(
            metadata: ObjectMeta(
                name: name, namespace: "finance", uid: "t-1", creationTimestamp: Timestamp("2026-11-21T10:00:00Z"),
                ownerReferences: [OwnerReference(controlledBy: cronJob)]),
            scheduledTimestamp: scheduled.flatMap(Timestamp.init), isManual: isManual)
    }

    private func plan(_ observed: ObservedSchedule) -> SchedulePlan { SchedulePlanner.plan(observed, now: .start) }

    // MARK: The scheduled time

    @Test(arguments: [
        ("nightly-29581921", "2026-03-31T00:01:00Z"), ("nightly-1774915260", "2026-03-31T00:01:00Z"),
        ("nightly-1", nil), ("nightly-now", nil), ("nightly", nil), ("other-29581921", nil), ("nightly-2958192x", nil),
        ("nightly-295819210000", nil), ("now", nil),
    ])
    func scheduledTimeStandsAtTheNamesEnd(name: String, time: String?) {
        #expect(ScheduledTime.of(tick(name), cronJob: "nightly") == time.flatMap(Timestamp.init))
        #expect(ScheduledTime.of(tick(name, isManual: true), cronJob: "nightly") == nil)
        let effective = ScheduledTime.effective(of: tick(name), cronJob: "nightly")
        #expect(effective == Timestamp(time ?? "2026-11-21T10:00:00Z"))
    }

    @Test func annotationTellsMoreThanTheName() {
        let annotated = tick("nightly-29581921", scheduled: "2026-03-31T02:00:00+02:00")
        #expect(ScheduledTime.of(annotated, cronJob: "nightly") == Timestamp("2026-03-31T00:00:00Z"))
    }

    /// Before Kubernetes 1.21 its controller counts what was missed and gives up at more than 100.
    @Test(
        arguments: [
            ("v1beta1", 101, nil, false), ("v1beta1", 100, nil, true), ("v1beta1", 101, 120, true),
            ("v1", 101, nil, true),
        ] as [(String, Int64, Int?, Bool)])
    func scheduleThatIsGivenUpIsNotReady(version: String, missed: Int64, deadline: Int?, isReady: Bool) {
        let spec = ReportScheduleSpec.fixture().with {
            $0.schedule = "* * * * *"
            $0.startingDeadlineSeconds = deadline
        }
        let schedule = schedule(spec)
        let now = Timestamp(seconds: 1_774_915_200)
        let made = SchedulePlanner.plan(
            ObservedSchedule(uid: "s-1", schedule: schedule, cronJobVersion: version), now: now)
        guard case .createCronJob(_, let manifest) = made.actions.last,
            var cronJob = try? manifest.decoded(CronJob.self)
        else { return #expect(Bool(false), "\(made.actions)") }
        cronJob.status = .init(lastScheduleTime: Timestamp(seconds: now.seconds - missed * 60))
        let told = SchedulePlanner.plan(
            ObservedSchedule(uid: "s-1", schedule: schedule, cronJobVersion: version, cronJob: cronJob), now: now)
        let ready = told.status?.ready
        #expect(ready?.isTrue == isReady)
        #expect(ready?.reason == (isReady ? Reason.scheduled : Reason.tooManyMissed))
        #expect(ready?.message.contains("spec.startingDeadlineSeconds") == !isReady)
    }

    // MARK: Requests

    @Test func placeholdersStandForTheTicksTimeInTheSchedulesZone() throws {
        let spec = ReportScheduleSpec.fixture().with {
            $0.timeZone = "Asia/Tokyo"
            $0.request.metadata = .init(labels: ["team": "a"], annotations: ["why": "b"])
            $0.request.spec.parameters = ["day": .string("{date}"), "count": .integer(3), "brace": .string("{{x}")]
        }
        var cronJob = cronJob
        cronJob.spec.timeZone = "Asia/Tokyo"
        let observed = ObservedSchedule(
            uid: "s-1", schedule: schedule(spec), zone: .known(try .named("Asia/Tokyo")), cronJob: cronJob,
            ticks: [tick("nightly-29581021")])
        let made = plan(observed).actions.compactMap { action in
            if case .createRequest(_, let request) = action { request } else { nil }
        }
        let request = try #require(made.first)
        #expect(made.count == 1)
        #expect(
            request.spec.parameters == ["day": .string("2026-03-30"), "count": .integer(3), "brace": .string("{x}")])
        #expect(request.metadata.annotations[ReportsAPI.Annotation.scheduledTime] == "2026-03-30T18:01:00+09:00")
        #expect(request.metadata.annotations["why"] == "b" && request.metadata.labels["team"] == "a")
        #expect(request.metadata.finalizers == [ReportsAPI.Finalizer.tick])
        #expect(request.name == "nightly-29581021" && request.otherName.hasPrefix("nightly-29581021-"))
    }

    /// What is known of it is old, so every write to it would fail, and with it all that is to be done after.
    @Test func aRequestThatCanNotBeReadIsNotWrittenToAndHoldsUpNothing() {
        func request(_ name: String, _ phase: ReportRequestStatus.Phase, finalizers: [String] = []) -> ReportRequest {
            .fixture(name: name, uid: "uid-of-\(name)").with {
                $0.metadata.finalizers = finalizers
                $0.metadata.labels = [
                    ReportsAPI.Label.scheduleUID: "s-1", ReportsAPI.Label.cronJobUID: "c-1",
                    ReportsAPI.Label.tickUID: "tick-of-\(name)",
                ]
                $0.status = ReportRequestStatus()
                $0.status?.phase = phase
            }
        }
        let requests = [
            request("made", .running, finalizers: [ReportsAPI.Finalizer.tick]), request("replaced", .running),
            request("old", .failed), request("older", .failed),
        ]
        var observed = ObservedSchedule(
            uid: "s-1", schedule: schedule(.fixture(history: .init(succeeded: 0, failed: 0))), cronJob: cronJob,
            requests: requests)
        func names(_ plan: SchedulePlan) -> [String] {
            plan.actions.compactMap { action in
                switch action {
                case .setFinalizers(let name, _, _), .cancelRequest(let name, _), .deleteRequest(let name, _, _): name
                default: nil
                }
            }
        }
        #expect(Set(names(plan(observed))) == ["made", "replaced", "old", "older"])
        observed.unreadable = ["uid-of-made", "uid-of-replaced", "uid-of-old"]
        #expect(names(plan(observed)) == ["older"])
        #expect(!plan(observed).actions.contains { if case .confirmTickIsGone = $0 { true } else { false } })
    }

    @Test func aTickOfAnotherCronJobIsNotServed() {
        var stranger = tick("nightly-29581921")
        stranger.metadata.ownerReferences = []
        let observed = ObservedSchedule(uid: "s-1", schedule: schedule(), cronJob: cronJob, ticks: [stranger])
        #expect(!plan(observed).actions.contains { if case .createRequest = $0 { true } else { false } })
    }

    // MARK: The CronJob

    @Test func aNameThatFitsStaysAndALongOneIsToldApart() {
        func name(_ text: String) -> String { ScheduleCronJob.name(of: ObjectMeta(name: text)) }
        let long = String(repeating: "a", count: 52)
        #expect(name("nightly") == "nightly" && name(long) == long)
        #expect(name(long + "b").utf8.count <= 52 && name(long + "b") != name(long + "c"))
        let dashes = String(repeating: "a", count: 40) + "-.-" + String(repeating: "b", count: 40)
        #expect(!name(dashes).contains("--") && !name(dashes).contains(".-"), "\(name(dashes))")
    }

    @Test(arguments: [
        #"{"schedule": "1 * * * *"}"#, #"{"timeZone": "Asia/Tokyo"}"#, #"{"startingDeadlineSeconds": 5}"#,
        #"{"concurrencyPolicy": "Allow"}"#, #"{"suspend": true}"#, #"{"successfulJobsHistoryLimit": 0}"#,
        #"{"failedJobsHistoryLimit": 0}"#, #"{"jobTemplate": {"metadata": {"labels": null}}}"#,
        #"{"jobTemplate": {"spec": {"parallelism": 1}}}"#, #"{"jobTemplate": {"spec": {"parallelism": null}}}"#,
        #"{"jobTemplate": {"spec": {"completions": 0}}}"#, #"{"jobTemplate": {"spec": {"completions": null}}}"#,
        #"{"jobTemplate": {"spec": {"activeDeadlineSeconds": 60}}}"#,
        #"{"jobTemplate": {"spec": {"ttlSecondsAfterFinished": 0}}}"#,
        #"{"jobTemplate": {"spec": {"suspend": true}}}"#,
    ])
    func whatOthersChangeInTheCronJobIsPutBack(edit: String) throws {
        func observed(_ manifest: JSONValue) throws -> ObservedSchedule {
            var cronJob = try manifest.decoded(CronJob.self)
            cronJob.metadata.uid = "c-1"
            return ObservedSchedule(uid: "s-1", schedule: schedule(), cronJob: cronJob)
        }
        let made = ScheduleCronJob.manifest(schedule(), .fixture(), version: "v1")
        #expect(try plan(observed(made)).actions.isEmpty)
        let edited = made.merging(.object(["spec": try JSONDecoder().decode(JSONValue.self, from: Data(edit.utf8))]))
        let actions = try plan(observed(edited)).actions
        guard case .updateCronJob("nightly", let patch)? = actions.first, actions.count == 1 else {
            Issue.record("\(actions)")
            return
        }
        #expect(try edited.merging(patch).decoded(CronJob.self).spec == made.decoded(CronJob.self).spec)
    }

    @Test func whatIsWrongIsNamedAndNothingIsMade() {
        let spec = ReportScheduleSpec.fixture().with {
            $0.request.spec.parameters = ["a": .string("{weak}"), "b": .string("{month-1}"), "c": .string("{")]
            $0.request.spec.cancel = true
            $0.request.spec.pipelineRef = nil
        }
        let observed = ObservedSchedule(
            uid: "s-1", schedule: schedule(spec), cronJob: cronJob, ticks: [tick("nightly-29581921")])
        let found = plan(observed)
        #expect(found.actions == [.updateCronJob(name: "nightly", patch: ScheduleCronJob.suspension(of: cronJob))])
        var suspended = observed
        suspended.cronJob?.spec.suspend = true
        let ready = SchedulePlanner.plan(suspended, now: .start).status?.ready
        #expect(ready?.status == "False" && ready?.reason == Reason.invalidSpec && ready?.observedGeneration == 3)
        for part in ["parameters.a: \"{weak}\"", "parameters.c: \"{\"", "cancel", "exactly one of pipelineRef"] {
            #expect(ready?.message.contains(part) == true, "\(ready?.message ?? "")")
        }
        #expect(ready?.message.contains("parameters.b") == false)
    }

    @Test func aScheduleThatMayNotBringAPipelineDoesNotTick() throws {
        let spec = ReportScheduleSpec.fixture().with {
            $0.request.spec.pipelineRef = nil
            $0.request.spec.pipeline = .chain("a")
        }
        let selector = try LabelSelector("team=finance")
        for inlinePipelines in [InlinePipelines.forbidden, .unlabelled(selector)] {
            var observed = ObservedSchedule(
                uid: "s-1", schedule: schedule(spec), inlinePipelines: inlinePipelines, cronJob: cronJob,
                ticks: [tick("nightly-29581921")])
            let suspension = ScheduleAction.updateCronJob(
                name: "nightly", patch: ScheduleCronJob.suspension(of: cronJob))
            #expect(plan(observed).actions == [suspension])
            observed.cronJob?.spec.suspend = true
            let ready = plan(observed).status?.ready
            #expect(ready?.status == "False" && ready?.reason == Reason.inlinePipelineForbidden)
            #expect(ready?.message.hasPrefix("spec.request.spec.pipeline: ") == true, "\(ready?.message ?? "")")
            #expect(ready?.message.contains("name that in spec.request.spec.pipelineRef") == true)
            observed.inlinePipelines = .allowed
            #expect(plan(observed).actions.contains { if case .createRequest = $0 { true } else { false } })
            // One that names its pipeline is nobody's concern.
            observed.schedule = schedule()
            observed.inlinePipelines = inlinePipelines
            #expect(plan(observed).status?.ready?.reason != Reason.inlinePipelineForbidden)
        }
    }

    /// Its CronJob stays as it is, since it may have been suspended because it is forbidden.
    @Test(arguments: [true, false]) func whileItIsNotKnownWhetherItMayNothingChanges(isSuspended: Bool) throws {
        let spec = ReportScheduleSpec.fixture().with {
            $0.request.spec.pipelineRef = nil
            $0.request.spec.pipeline = .chain("a")
        }
        var cronJob = cronJob
        cronJob.spec.suspend = isSuspended
        var observed = ObservedSchedule(
            uid: "s-1", schedule: schedule(spec), inlinePipelines: .undecided(try LabelSelector("team=finance")),
            cronJob: cronJob, ticks: [tick("nightly-29581921")])
        let first = plan(observed)
        #expect(first.actions.isEmpty && first.retries.isEmpty)
        #expect(first.status?.ready?.reason == Reason.inlinePipelineUndecided)
        observed.schedule?.status = first.status
        #expect(plan(observed).isEmpty)
    }

    @Test func aZoneThatTheServerOrTheMachineDoesNotKnowMakesNothing() {
        let zoned = ReportScheduleSpec.fixture().with { $0.timeZone = "Europe/Berlin" }
        let old = plan(ObservedSchedule(uid: "s-1", schedule: schedule(zoned), knowsTimeZones: false))
        #expect(old.actions.isEmpty && old.status?.ready?.reason == Reason.timeZoneUnsupported)
        let odd = plan(ObservedSchedule(uid: "s-1", schedule: schedule(zoned), zone: .unknown("no such zone")))
        #expect(odd.actions.isEmpty && odd.status?.ready?.reason == Reason.timeZoneUnknown)
        let fine = plan(ObservedSchedule(uid: "s-1", schedule: schedule(zoned)))
        #expect(fine.actions.count == 1 && fine.status == nil)
    }

    /// What the server makes of a zone is known from its answer, and until then nothing must tick.
    @Test func aZoneIsWrittenToASuspendedCronJobThatTicksOnceItHasIt() throws {
        let zoned = ReportScheduleSpec.fixture().with { $0.timeZone = "Europe/Berlin" }
        func suspension(having zone: String?) -> JSONValue? {
            ScheduleCronJob.manifest(schedule(zoned), zoned, version: "v1", having: zone)["spec"]?["suspend"]
        }
        #expect(suspension(having: nil) == .bool(true))
        #expect(suspension(having: "Asia/Tokyo") == .bool(true))
        #expect(suspension(having: "Europe/Berlin") == .bool(false))
        let suspended = zoned.with { $0.suspend = true }
        #expect(
            ScheduleCronJob.manifest(schedule(suspended), suspended, version: "v1", having: "Europe/Berlin")["spec"]?[
                "suspend"] == .bool(true))

        var answer = cronJob
        answer.spec.timeZone = "Europe/Berlin"
        answer.spec.suspend = true
        let next = plan(ObservedSchedule(uid: "s-1", schedule: schedule(zoned), cronJob: answer))
        guard case .updateCronJob(_, let patch)? = next.actions.first else {
            Issue.record("\(next.actions)")
            return
        }
        #expect(patch["spec"]?["suspend"] == .bool(false) && patch["spec"]?["timeZone"]?.string == "Europe/Berlin")
    }

    @Test func whereTheServerDropsZonesTicksWaitAndItIsTriedAgain() {
        let zoned = ReportScheduleSpec.fixture().with { $0.timeZone = "Europe/Berlin" }
        var zoneless = cronJob
        zoneless.spec.suspend = true
        let found = plan(
            ObservedSchedule(
                uid: "s-1", schedule: schedule(zoned), cronJob: zoneless, ticks: [tick("nightly-29581921")],
                setbacks: ["nightly": .zoneDropped]))
        #expect(found.actions.isEmpty && found.retries.count == 1)
        #expect(found.status?.ready?.reason == Reason.timeZoneUnsupported)
    }

    @Test(arguments: [
        (ObservedSchedule.Setback.refused("no"), Reason.cronJobRefused, 0),
        (.postponed("quota"), Reason.cronJobNotCreated, 1), (.taken, Reason.cronJobNameTaken, 1),
    ])
    func aCronJobThatCannotBeMadeIsTold(setback: ObservedSchedule.Setback, reason: String, retries: Int) {
        let found = plan(
            ObservedSchedule(uid: "s-1", schedule: schedule(), setbacks: ["nightly": setback]))
        #expect(found.actions.isEmpty && found.retries.count == retries)
        #expect(found.status?.ready?.reason == reason)
    }

    @Test func nothingIsDoneForAScheduleThatIsBeingDeleted() {
        var deleted = schedule()
        deleted.metadata.deletionTimestamp = .start
        let observed = ObservedSchedule(
            uid: "s-1", schedule: deleted, cronJob: cronJob, ticks: [tick("nightly-29581921")])
        #expect(plan(observed).isEmpty)
    }

    @Test func historyWaitsForWhatIsNotToldYet() {
        let spec = ReportScheduleSpec.fixture(history: .init(succeeded: 0, failed: 0))
        var schedule = schedule(spec)
        var done = ReportRequest.fixture().status {
            $0.phase = .failed
            $0.completedAt = .start
        }
        done.metadata.labels = [ReportsAPI.Label.scheduleUID: "s-1", ReportsAPI.Label.tickUID: "t-0"]
        schedule.status = ReportScheduleStatus()
        let uid = done.metadata.uid
        let untold = plan(ObservedSchedule(uid: "s-1", schedule: schedule, requests: [done], untold: [uid]))
        #expect(!untold.actions.contains { if case .deleteRequest = $0 { true } else { false } })
        #expect(untold.wakeAt == Timestamp.start.after(30))
        let told = plan(ObservedSchedule(uid: "s-1", schedule: schedule, requests: [done]))
        #expect(told.actions.contains { if case .deleteRequest(_, uid, _) = $0 { true } else { false } })
    }
}
