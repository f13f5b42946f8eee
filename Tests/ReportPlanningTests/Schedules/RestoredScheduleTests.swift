import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Schedules, and requests of schedules, that come back from a backup.
struct RestoredScheduleTests {
    private func schedule(uid: String = "s-1", history: ReportScheduleSpec.History? = nil) -> ReportSchedule {
        ReportSchedule(
            metadata: ObjectMeta(
                name: "nightly", namespace: "finance", uid: uid, resourceVersion: "7", generation: 1),
            spec: .fixture(history: history))
    }

    private let cronJob = CronJob(
        metadata: ObjectMeta(name: "nightly", namespace: "finance", uid: "c-1", resourceVersion: "5"),
        spec: .init(schedule: "* * * * *", jobTemplate: .init(spec: .init(parallelism: 0))))

    /// A copy of a request of that schedule, whose tick is gone.
    private func copy(_ number: Int, ended: Bool) -> ReportRequest {
        let old = ReportRequest.fixture(name: "nightly-\(number)", uid: "old-\(number)").with {
            $0.metadata.labels = [
                ReportsAPI.Label.scheduleUID: "s-1", ReportsAPI.Label.cronJobUID: "c-1",
                ReportsAPI.Label.tickUID: "t-\(number)",
            ]
        }
        let copy = old.restored(uid: "new-\(number)", keepingStatus: false)
        return ended ? copy.applying(RunPlanner.plan(ObservedRun(request: copy), now: .start)) : copy
    }

    private func plan(_ observed: ObservedSchedule) -> SchedulePlan { SchedulePlanner.plan(observed, now: .start) }

    /// Where the requests alone were restored, and their schedule is the same.
    @Test(arguments: [true, false]) func copiesOfItsRequestsAreLeftAlone(ended: Bool) {
        let copies = (1...9).map { copy($0, ended: ended) }
        let plan = plan(
            ObservedSchedule(
                uid: "s-1", schedule: schedule(history: .init(succeeded: 1, failed: 1)), cronJob: cronJob,
                requests: copies))
        let others = plan.actions.filter { if case .updateCronJob = $0 { false } else { true } }
        #expect(others == [])
        #expect(plan.status?.active == nil)
    }

    /// With all that its status said, it starts over: a CronJob that ticks next when it is time.
    @Test func aScheduleBeginsWithItsNextTick() throws {
        var restored = schedule(uid: "s-2")
        restored.status = ReportScheduleStatus()
        restored.status?.cronJob = "nightly"
        restored.status?.active = [.init(name: "nightly-1", scheduledTime: .start)]
        restored.status?.lastScheduleTime = .start
        let plan = plan(ObservedSchedule(uid: "s-2", schedule: restored))
        guard case .createCronJob(let name, let manifest)? = plan.actions.first, plan.actions.count == 1 else {
            Issue.record("\(plan.actions)")
            return
        }
        #expect(name == "nightly" && manifest["status"] == nil)
        #expect(!copy(1, ended: true).isMade(forSchedule: "s-2"))
    }

    /// What ticks and stages are made of must not come back without its owner.
    @Test func whatTheOperatorMakesIsInNoBackup() throws {
        let schedule = schedule()
        let spec = try #require(schedule.spec.value)
        let request = ReportRequest.fixture(.chain("a").workspace()).started()
        let run = try #require(request.status?.accepted)
        let job = StageJob.manifest(request: request, run: run, stage: run.pipeline.stages[0], attempt: 1)
        let workspace = try #require(run.pipeline.workspace)
        let cronJob = ScheduleCronJob.manifest(schedule, spec, version: "v1")
        let templates = [
            job, job["spec"]?["template"], WorkspaceClaim.manifest(request: request, workspace: workspace), cronJob,
            cronJob["spec"]?["jobTemplate"],
        ]
        for template in templates {
            #expect(template?["metadata"]?["labels"]?["velero.io/exclude-from-backup"]?.string == "true")
        }
    }

    @Test func aTemplateCopiedFromARequestMakesNoCopies() throws {
        var template = schedule().spec.value
        template?.request.metadata = .init(annotations: [ReportsAPI.Annotation.acceptedUID: "old", "why": "b"])
        let spec = try #require(template)
        var schedule = schedule()
        schedule.spec = .value(spec)
        let tick = Tick(
            metadata: ObjectMeta(
                name: "nightly-29581921", namespace: "finance", uid: "t-1",
                ownerReferences: [OwnerReference(controlledBy: cronJob)]))
        let plan = plan(ObservedSchedule(uid: "s-1", schedule: schedule, cronJob: cronJob, ticks: [tick]))
        let made = plan.actions.compactMap { if case .createRequest(_, let request) = $0 { request } else { nil } }
        let annotations = try #require(made.first?.metadata.annotations)
        #expect(annotations["why"] == "b" && annotations[ReportsAPI.Annotation.acceptedUID] == nil)
    }
}
