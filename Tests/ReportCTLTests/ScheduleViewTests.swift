import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ReportCTL

struct ScheduleViewTests {
    private let view = ScheduleView(now: Timestamp(seconds: 1_800_000_000), moments: .utc) { name in
        name == "UTC" ? .utc : nil
    }

    private func schedule(
        _ cron: String, zone: String? = "UTC", suspend: Bool? = nil, ready: Condition? = nil
    ) -> ReportSchedule {
        var status = ReportScheduleStatus()
        status.conditions = ready.map { [$0] }
        return ReportSchedule(
            metadata: ObjectMeta(name: "monthly", namespace: "finance", creationTimestamp: .start),
            spec: ReportScheduleSpec(
                schedule: cron, timeZone: zone, suspend: suspend,
                request: .init(spec: .init(pipelineRef: .init(name: "trial-balance")))),
            status: status)
    }

    private func condition(_ status: String, _ reason: String = "") -> Condition {
        Condition(
            type: "Ready", status: status, reason: reason, message: "m", lastTransitionTime: nil,
            observedGeneration: nil)
    }

    @Test func theNextRunIsCronsInTheZone() {
        // 2027-01-15 08:00:00 UTC
        #expect(view.next(schedule("0 6 1 * *")) == Timestamp("2027-02-01T06:00:00Z"))
        #expect(view.next(schedule("30 8 * * *", zone: nil)) == Timestamp("2027-01-15T08:30:00Z"))
        #expect(view.next(schedule("0 6 1 * *", suspend: true)) == nil)
        #expect(view.next(schedule("0 6 1 * *", zone: "Nowhere/Land")) == nil)
        #expect(view.next(schedule("often")) == nil)
        #expect(view.next(schedule("0 6 1 * *", ready: condition("False", "InvalidSpec"))) == nil)
        #expect(view.next(schedule("0 6 1 * *", ready: condition("True"))) != nil)
    }

    @Test func statesTellWhetherItTicks() {
        let schedules = [
            schedule("0 6 1 * *", ready: condition("True")),
            schedule("@daily", suspend: true, ready: condition("True")),
            schedule("0 6 1 * *", ready: condition("False", "InvalidSpec")), schedule("0 6 1 * *"),
        ]
        func lines(isWide: Bool) -> [String] {
            view.table(schedules, isWide: isWide, showsNamespace: false).lines().map { $0.rendered(color: false) }
        }
        let table = lines(isWide: true)
        #expect(table[1].contains(/2027-02-01 06:00:00 +16d +0 +ready +Forbid/), "\(table[1])")
        #expect(table[2].contains("suspended"))
        #expect(table[3].contains(/UTC +0 +InvalidSpec +Forbid .* m$/), "\(table[3])")
        #expect(lines(isWide: false)[3].hasSuffix(" InvalidSpec"))
        #expect(table[4].contains("not seen by the operator yet"))
    }

    @Test func whatIsNotReadyIsNotRunNow() throws {
        var faulty = schedule("0 6 1 * *", ready: condition("False", "InvalidSpec"))
        faulty.status?.cronJob = "monthly"
        #expect(throws: Trouble("monthly is not ready: m", advice: ["look"])) {
            try RunNowCommand.cronJobName(of: faulty, advice: ["look"])
        }
        var good = schedule("0 6 1 * *", ready: condition("True"))
        good.status?.cronJob = "monthly"
        #expect(try RunNowCommand.cronJobName(of: good, advice: []) == "monthly")
        #expect(throws: Trouble("monthly has no CronJob yet: the operator hasn't seen it")) {
            try RunNowCommand.cronJobName(of: schedule("0 6 1 * *"), advice: [])
        }
    }

    @Test func aTickByHandIsTheCronJobsJob() {
        let cronJob: JSONValue = .object([
            "apiVersion": .string("batch/v1beta1"),
            "metadata": .object(["name": .string("monthly"), "uid": .string("u")]),
            "spec": .object([
                "jobTemplate": .object([
                    "metadata": .object(["labels": .object(["a": .string("b")])]),
                    "spec": .object(["parallelism": .integer(0)]),
                ])
            ]),
        ])
        let tick = ManualTick(cronJob)
        #expect(tick.name.hasPrefix("monthly-manual-") && tick.name.count == 20)
        let metadata = tick.manifest["metadata"]
        #expect(metadata?["labels"]?["a"] == .string("b"))
        #expect(metadata?["annotations"]?["cronjob.kubernetes.io/instantiate"] == .string("manual"))
        let owner = metadata?["ownerReferences"]?.array?.first
        #expect(
            owner?["kind"] == .string("CronJob") && owner?["uid"] == .string("u") && owner?["controller"] == .bool(true)
        )
        #expect(tick.manifest["spec"]?["parallelism"] == .integer(0))
        #expect(tick.manifest["apiVersion"] == .string("batch/v1"))
    }
}
