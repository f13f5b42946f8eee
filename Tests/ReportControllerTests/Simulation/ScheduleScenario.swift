import Calendars
import KubernetesModel
import ReportAPI
import TestSupport

/// A life of a schedule: what its spec is, how its runs go, and what people do before which step.
struct ScheduleScenario: Sendable, CustomStringConvertible {
    let description: String
    let spec: ReportScheduleSpec
    let script: ScheduleCluster.Script
    let events: [Int: [ScheduleCluster.Event]]

    init(
        _ description: String, _ spec: ReportScheduleSpec, _ script: ScheduleCluster.Script = .init(),
        _ events: [Int: [ScheduleCluster.Event]] = [:]
    ) {
        self.description = description
        self.spec = spec
        self.script = script
        self.events = events
    }

    /// Ten minutes.
    static let steps = 30

    var cluster: ScheduleCluster { ScheduleCluster(spec, script: script) }

    func happen(in cluster: inout ScheduleCluster, before step: Int) {
        for event in events[step] ?? [] { cluster.happen(event) }
    }

    /// The run from where the cluster is, undisturbed; `visit` is told of the cluster after each write. In the end nobody
    /// ticks any more, and everything comes to its end.
    func finish(
        _ cluster: inout ScheduleCluster, _ simulated: inout ScheduleOperator,
        visit: (ScheduleCluster) -> Void = { _ in }
    ) async {
        await simulated.settle(&cluster, visit: visit)
        while cluster.steps < Self.steps {
            cluster.step()
            happen(in: &cluster, before: cluster.steps)
            await simulated.settle(&cluster, visit: visit)
        }
        if let spec = cluster.schedule?.spec.value, spec.suspend != true {
            cluster.happen(.edit(spec.with { $0.suspend = true }))
        }
        for _ in 0..<12 {
            await simulated.settle(&cluster, visit: visit)
            cluster.step()
        }
        await simulated.settle(&cluster, visit: visit)
    }

    static let all: [ScheduleScenario] = policies.flatMap { policy in
        let spec = ReportScheduleSpec.fixture(policy)
        let long = ScheduleCluster.Script(durations: [5, 2], failing: [1])
        let short = ScheduleCluster.Script(durations: [1])
        return [
            ScheduleScenario("\(policy): short runs", spec, short),
            ScheduleScenario("\(policy): long runs", spec, long),
            ScheduleScenario(
                "\(policy): no history", spec.with { $0.history = .init(succeeded: 0, failed: 0) }, long),
            ScheduleScenario(
                "\(policy): some history", spec.with { $0.history = .init(succeeded: 2, failed: 1) }, long),
            ScheduleScenario("\(policy): run now", spec, long, [4: [.runNow("now")], 14: [.runNow("now")]]),
            ScheduleScenario("\(policy): run now, name taken", spec, long, [3: [.ask("now")], 4: [.runNow("now")]]),
            ScheduleScenario("\(policy): ticks deleted", spec, long, [5: [.deleteTicks], 11: [.deleteTicks]]),
            ScheduleScenario("\(policy): requests deleted", spec, long, [5: [.deleteRequests], 9: [.deleteRequests]]),
            ScheduleScenario("\(policy): requests cancelled", spec, long, [5: [.cancelRequests]]),
            ScheduleScenario("\(policy): requests resumed", spec, long, [9: [.resumeRequests], 17: [.resumeRequests]]),
            ScheduleScenario("\(policy): schedule deleted", spec, long, [7: [.deleteSchedule]]),
            ScheduleScenario("\(policy): CronJob deleted", spec, long, [5: [.deleteCronJob], 13: [.deleteCronJob]]),
            ScheduleScenario(
                "\(policy): CronJob and ticks deleted", spec, long, [5: [.deleteTicks, .deleteCronJob]]),
            ScheduleScenario("\(policy): CronJob changed by hand", spec, long, [4: [.meddleWithCronJob]]),
            ScheduleScenario(
                "\(policy): edited", spec, long, [4: [.edit(spec.with { $0.concurrencyPolicy = .allow })]]),
            ScheduleScenario("\(policy): zoned", spec.zoned, long, [3: [.runNow("now")]]),
            ScheduleScenario(
                "\(policy): zoned later", spec, long, [4: [.edit(spec.zoned)], 12: [.edit(spec)]]),
            ScheduleScenario(
                "\(policy): zones dropped for a while", spec.zoned, .init(durations: [5, 2], keepsZonesFrom: 9),
                [3: [.runNow("now")]]),
            ScheduleScenario(
                "\(policy): zoned later, dropped for a while", spec, .init(durations: [5, 2], keepsZonesFrom: 9),
                [2: [.runNow("now")], 4: [.edit(spec.zoned)]]),
            ScheduleScenario(
                "\(policy): at fault for a while", spec, long, [4: [.edit(spec.faulty)], 15: [.edit(spec)]]),
            ScheduleScenario("\(policy): at fault from the start", spec.faulty, long, [6: [.edit(spec)]]),
            ScheduleScenario(
                "\(policy): run now at fault", spec, long,
                [5: [.edit(spec.faulty), .runNow("now")], 15: [.edit(spec)]]),
            ScheduleScenario(
                "\(policy): refused for a while", spec, .init(durations: [4], refused: ["never"]),
                [4: [.edit(spec.with { $0.schedule = "never" })], 15: [.edit(spec)]]),
            ScheduleScenario("\(policy): requests put off", spec, .init(durations: [3], takesRequestsFrom: 11)),
            ScheduleScenario(
                "\(policy): a holiday that isn't skipped", spec.with { $0.holidays = .init(dates: [today]) }, long),
            ScheduleScenario(
                "\(policy): a holiday that is skipped for a while", spec, long,
                [
                    4: [
                        .edit(
                            spec.with {
                                $0.holidays = .init(dates: [today])
                                $0.skipOn = .holidays
                            })
                    ],
                    9: [.runNow("now")], 15: [.edit(spec)],
                ]),
            ScheduleScenario(
                "\(policy): no pipeline for a while", spec, long, [2: [.deletePipeline], 11: [.makePipeline]]),
            ScheduleScenario(
                "\(policy): pipeline at fault for a while", spec, long,
                [
                    3: [.editPipeline(.chain("a").concurrency(limit: 0))],
                    12: [.editPipeline(.chain("a").concurrency(limit: 1))],
                ]),
            ScheduleScenario(
                "\(policy): suspended", spec, long,
                [4: [.edit(spec.with { $0.suspend = true }), .runNow("now")], 15: [.edit(spec)]]),
        ]
    }

    /// Of all scenarios.
    private static let today = "\(ZoneRules.utc.local(.start).date)"

    private static let policies: [ReportScheduleSpec.ConcurrencyPolicy] = [.allow, .forbid, .replace]
}
