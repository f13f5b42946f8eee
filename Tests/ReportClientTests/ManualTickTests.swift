import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportClient

struct ManualTickTests {
    private func schedule(ready: Condition? = nil) -> ReportSchedule {
        var status = ReportScheduleStatus()
        status.conditions = ready.map { [$0] }
        return ReportSchedule(
            metadata: ObjectMeta(name: "monthly", namespace: "finance"),
            spec: ReportScheduleSpec(
                schedule: "0 6 1 * *", request: .init(spec: .init(pipelineRef: .init(name: "trial-balance")))),
            status: status)
    }

    @Test func whatIsNotReadyIsNotRunNow() {
        var faulty = schedule(ready: .ready("False", "InvalidSpec"))
        faulty.status?.cronJob = "monthly"
        #expect(faulty.cronJobToRunNow == .failure(.notReady("m")))
        var good = schedule(ready: .ready("True"))
        good.status?.cronJob = "monthly"
        #expect(good.cronJobToRunNow == .success("monthly"))
        #expect(schedule().cronJobToRunNow == .failure(.withoutCronJob(nil)))
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
