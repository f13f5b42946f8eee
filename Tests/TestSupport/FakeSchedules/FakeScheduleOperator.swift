import KubernetesModel
import ReportAPI
package import ReportPlanning

/// The operator's loop for the schedule: observe, plan, carry out. Dropping it and making a new one is a crash.
package struct FakeScheduleOperator: Sendable {
    private var setbacks: [String: ObservedSchedule.Setback] = [:]
    private var generation: Int64 = 0
    /// The latest world that each watch has shown; a cache never goes back behind it.
    private var shown: [FakeScheduleCluster.World]

    /// Begins with lists of what there is.
    package init(listing cluster: FakeScheduleCluster) {
        shown = Array(repeating: cluster.world, count: 4)
    }

    /// What is observed where the watches of schedules, CronJobs, ticks and requests are that many changes behind.
    package mutating func observe(_ cluster: FakeScheduleCluster, lags: [Int] = [0, 0, 0, 0]) -> ObservedSchedule {
        for (index, lag) in lags.enumerated() {
            let position = max(0, cluster.history.count - 1 - lag)
            let floor = cluster.history.lastIndex(of: shown[index]) ?? 0
            shown[index] = lag == 0 ? cluster.world : cluster.history[max(position, floor)]
        }
        let schedule = shown[0].schedule?.object
        if let schedule, schedule.metadata.generation != generation {
            generation = schedule.metadata.generation
            setbacks = [:]
        }
        return ObservedSchedule(
            uid: FakeScheduleCluster.uid, schedule: schedule, knowsTimeZones: cluster.knowsTimeZones,
            cronJob: shown[1].cronJob.flatMap {
                $0.object.metadata.controller?.uid == FakeScheduleCluster.uid ? $0.object : nil
            },
            ticks: shown[2].ticks.values.map(\.object).sorted { $0.metadata.name < $1.metadata.name },
            requests: shown[3].requests.values.map(\.object)
                .filter { $0.metadata.labels[ReportsAPI.Label.scheduleUID] == FakeScheduleCluster.uid }
                .sorted { $0.metadata.name < $1.metadata.name },
            setbacks: setbacks)
    }

    /// Passes with fresh observations until nothing is left to do, or only to try again later.
    package mutating func settle(
        _ cluster: inout FakeScheduleCluster,
        visit: (FakeScheduleCluster, ObservedSchedule, SchedulePlan) -> Void = { _, _, _ in }
    ) {
        for _ in 0..<40 {
            let observed = observe(cluster)
            let plan = SchedulePlanner.plan(observed, now: cluster.now)
            if plan != SchedulePlanner.plan(observed, now: cluster.now) {
                cluster.violations.append("the same observation gave two plans")
            }
            visit(cluster, observed, plan)
            if plan.isEmpty { return }
            let before = (cluster.world, setbacks)
            let failure = carryOut(plan, observed, &cluster)
            if failure == .notSo {
                cluster.violations.append("a fresh observation asked for what isn't so at step \(cluster.steps)")
                return
            }
            if failure != nil, before == (cluster.world, setbacks) { return }
        }
        cluster.violations.append("it doesn't settle at step \(cluster.steps)")
    }

    /// One pass on what late watches show, which may die after `limit` steps.
    package mutating func pass(_ cluster: inout FakeScheduleCluster, lags: [Int], limit: Int = .max) {
        let observed = observe(cluster, lags: lags)
        _ = carryOut(SchedulePlanner.plan(observed, now: cluster.now), observed, &cluster, limit: limit)
    }

    private mutating func carryOut(
        _ plan: SchedulePlan, _ observed: ObservedSchedule, _ cluster: inout FakeScheduleCluster, limit: Int = .max
    ) -> FakeScheduleCluster.Failure? {
        let failure = cluster.carryOut(plan, seen: observed, limit: limit)
        if case .setback(let name, let setback)? = failure {
            setbacks[name] = setback
        } else if failure == nil, limit == .max, !plan.retries.isEmpty {
            setbacks = [:]
        }
        return failure
    }
}
