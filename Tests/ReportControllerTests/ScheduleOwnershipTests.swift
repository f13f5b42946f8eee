import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// Which requests and ticks are a schedule's.
struct ScheduleOwnershipTests {
    private let key = OwnerKey(namespace: "finance", uid: "s-1")
    private let cache = ScheduleCache(requests: ClusterCache().requests)

    private func request(_ name: String, namespace: String = "finance", origin: String? = nil) -> ReportRequest {
        .fixture(name: name, uid: "uid-of-\(namespace)-\(name)").with {
            $0.metadata.namespace = namespace
            $0.metadata.labels = [ReportsAPI.Label.scheduleUID: "s-1", ReportsAPI.Label.tickUID: "t-1"]
            if let origin { $0.metadata.labels[ReportsAPI.Label.origin] = origin }
        }
    }

    private func cronJob(_ name: String) -> CronJob {
        CronJob(
            metadata: ObjectMeta(name: name, uid: "uid-of-\(name)"),
            spec: .init(schedule: "0 5 * * *", jobTemplate: .init(spec: .init())))
    }

    private func names() -> [String] { cache.requests(of: key).map(\.key.description).sorted() }

    @Test func aCopyUnderAnotherNameOrInAnotherNamespaceIsNot() {
        let origin = Fingerprint.of("s-1", "t-1", "finance", "by-hand")
        for request in [
            request("by-hand", origin: origin), request("copy", origin: origin),
            request("by-hand", namespace: "other", origin: origin),
        ] { cache.requests.observe(request) }
        #expect(names() == ["finance/by-hand"])
        #expect(cache.requests(of: OwnerKey(namespace: "other", uid: "s-1")).isEmpty)
    }

    @Test func oneOfAnEarlierReleaseIsNamedAfterItsTick() {
        for name in ["daily-27340000", "daily-\(Fingerprint.of("t-1"))", "daily-copy", "daily-1"] {
            cache.requests.observe(request(name))
        }
        #expect(names() == ["finance/daily-27340000", "finance/daily-\(Fingerprint.of("t-1"))"].sorted())
    }

    @Test func aTickIsOfTheSchedulesCronJob() {
        func tick(_ name: String, namespace: String = "finance", owner: String?) -> Tick {
            let owners = owner.map { [OwnerReference(controlledBy: cronJob($0))] } ?? []
            return Tick(
                metadata: ObjectMeta(
                    name: name, namespace: namespace, uid: "uid-of-\(namespace)-\(name)",
                    labels: [ReportsAPI.Label.scheduleUID: "s-1"],
                    ownerReferences: owners))
        }
        for tick in [
            tick("mine", owner: "daily"), tick("labelled", owner: nil), tick("others", owner: "weekly"),
            tick("far", namespace: "other", owner: "daily"),
        ] { cache.ticks.observe(tick) }
        #expect(cache.ticks(of: key, cronJob: "daily").map(\.metadata.name) == ["mine"])
    }
}
