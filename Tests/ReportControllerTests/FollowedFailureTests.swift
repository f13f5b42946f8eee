import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// Which run of a schedule counts as its last one, where a notice is to be sent of the first failure alone.
struct FollowedFailureTests {
    private let cache = ClusterCache()
    private let reach = DeliveryReach(courierNamespace: "report-operator", readsNamespaces: false)

    private func run(_ name: String, at seconds: Int64) -> ReportRequest {
        .fixture(name: name, uid: "uid-of-\(name)").created(at: .start.after(seconds))
    }

    private func followsFailure(_ request: ReportRequest) -> Bool {
        reach.known(of: request, cache).followsFailure
    }

    @Test func theLastRunOfTheScheduleCounts() {
        cache.requests.observe(run("nightly-1", at: 0).made(forSchedule: "s-1").started().ended(.succeeded))
        let next = run("nightly-3", at: 20).made(forSchedule: "s-1")
        #expect(!followsFailure(next))
        cache.requests.observe(run("nightly-2", at: 10).made(forSchedule: "s-1").started().ended(.failed))
        #expect(followsFailure(next))
        #expect(!followsFailure(run("other-1", at: 20).made(forSchedule: "s-2")))
    }

    /// Otherwise anyone who may make requests could keep the notice of a schedule's failure from being sent.
    @Test func aCopyOrALabelAloneDoesNot() {
        cache.requests.observe(run("nightly-1", at: 0).made(forSchedule: "s-1").started().ended(.succeeded))
        let next = run("nightly-3", at: 20).made(forSchedule: "s-1")
        let failed = run("nightly-2", at: 10).made(forSchedule: "s-1").started().ended(.failed)
        cache.requests.observe(failed.with { $0.metadata.name = "copy" })
        cache.requests.observe(
            run("forged", at: 11).started().ended(.failed)
                .with { $0.metadata.labels[ReportsAPI.Label.scheduleUID] = "s-1" })
        #expect(!followsFailure(next))
        cache.requests.observe(failed)
        #expect(followsFailure(next))
        #expect(!followsFailure(next.with { $0.metadata.name = "copy" }))
    }
}
