import KubernetesModel
import ReportAPI
package import ReportPlanning

/// The operator's loop for one request: observe, plan, carry out. Dropping it and making a new one is a crash.
package struct FakeOperator: Sendable {
    package let uid: String
    private var setbacks: [String: ObservedRun.Setback] = [:]
    private var shown: String
    /// The list didn't have it, and no watch brings back what was gone before.
    private let isGone: Bool

    /// Begins with a list, which the API server answers with what is, and then lets its watches fall behind.
    package init(_ uid: String, listing cluster: inout FakeCluster) {
        cluster.forgetLocks()
        self.uid = uid
        isGone = cluster.request(uid) == nil
        shown = cluster.request(uid)?.metadata.resourceVersion ?? ""
    }

    /// Passes with fresh observations until nothing is left to do, or only to try again later.
    package mutating func settle(
        _ cluster: inout FakeCluster, visit: (FakeCluster, ObservedRun, RunPlan) -> Void = { _, _, _ in }
    ) {
        for _ in 0..<20 {
            guard let observed = cluster.observe(uid, setbacks: setbacks) else { return }
            let plan = RunPlanner.plan(observed, now: cluster.now)
            if plan != RunPlanner.plan(observed, now: cluster.now) {
                cluster.violations.append("the same observation gave two plans")
            }
            visit(cluster, observed, plan)
            if plan.isEmpty { return }
            let before = cluster.world
            let (failure, next) = cluster.carryOut(plan, seen: observed.request)
            if failure == .notSo {
                cluster.violations.append("a fresh observation asked for what isn't so at step \(cluster.steps)")
                return
            }
            let isRepeated = before == cluster.world && next == setbacks
            setbacks = next
            if failure != nil, isRepeated { return }
        }
        cluster.violations.append("it doesn't settle at step \(cluster.steps)")
    }

    /// One pass on what a late watch shows, which may die after `limit` steps.
    package mutating func pass(_ cluster: inout FakeCluster, lag: Lag, limit: Int = .max) {
        guard !isGone, let observed = cluster.observe(uid, lag: lag, since: shown, setbacks: setbacks) else { return }
        shown = observed.request.metadata.resourceVersion
        let plan = RunPlanner.plan(observed, now: cluster.now)
        setbacks = cluster.carryOut(plan, seen: observed.request, limit: limit).setbacks
    }
}
