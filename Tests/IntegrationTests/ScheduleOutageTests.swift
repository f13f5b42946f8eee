import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportController
import Testing

/// Operators that end at the wrong time, or aren't there.
@Suite struct ScheduleOutageTests {
    @Test(arguments: ["Allow", "Forbid"])
    func ticksOfAnOutageAreServedOnceEach(policy: String) async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: "concurrency: {limit: 3}")
            try await bed.createSchedule(more: "concurrencyPolicy: \(policy)")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            await bed.operator.stop()
            // With Forbid the CronJob controller makes no second one beside the first.
            var ticks: [Tick] = []
            for minute in Int64(1)...(policy == "Allow" ? 3 : 1) { ticks.append(try await bed.tick(minute: minute)) }
            try await bed.withOperator(bed.cluster.configuration) { _ in
                for tick in ticks {
                    try await bed.wait(for: tick.metadata.name, phase: .succeeded)
                    try await bed.waitUntilGone(tick)
                }
                try await bed.wait(forSchedule: "nightly", "is done") { $0.status?.activeCount == 0 }
            }
            #expect(try bed.requestCreations() == ticks.count)
        }
    }

    /// The CronJob controller deletes each tick when it makes the next one, the served as the unserved.
    @Test func ofTheTicksThatReplacedEachOtherInAnOutageTheLastIsServed() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createSchedule(more: "concurrencyPolicy: Replace")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let running = try await bed.tick(minute: 1)
            try await bed.pod(of: "one", request: running.metadata.name)
            try await bed.wait(for: running.metadata.name, "is let go") { $0.metadata.finalizers.isEmpty }
            await bed.operator.stop()
            var last = running
            for minute in Int64(2)...4 {
                try await bed.delete(last)
                last = try await bed.tick(minute: minute)
            }
            try await bed.withOperator(bed.cluster.configuration) { [last] _ in
                let replaced = try await bed.wait(for: running.metadata.name, phase: .cancelled)
                #expect(replaced.status?.reason == Reason.replaced)
                try await bed.release(last.metadata.name)
                try await bed.wait(for: last.metadata.name, phase: .succeeded)
                try await bed.waitUntilGone(last)
                try await bed.wait(forSchedule: "nightly", "is done") { $0.status?.activeCount == 0 }
            }
            #expect(try await bed.scheduledRequests().map(\.metadata.name) == [running, last].map(\.metadata.name))
            #expect(try bed.requestCreations() == 2)
        }
    }

    /// Ten writes and more: the pipeline's status, the CronJob and the schedule's status; the request, the tick's mark, the
    /// status, the request's finalizer; those of the run; the status, the tick's deletion.
    @Test(arguments: 1...14)
    func aTickIsServedOnceWhereverTheOperatorCrashed(afterWrite number: Int) async throws {
        try await KubectlProxy.run { upstream in
            let proxy = FaultProxy(upstream: upstream) { $0.writeNumber == number ? .loseAnswerAndCrash : .none }
            try await TestBed.run(prepare: { _, _ in proxy.configuration }) { bed in
                try await bed.createPipeline()
                try await bed.createSchedule()
                try await proxy.untilCrash { try await bed.wait(forCronJob: "nightly", "there") { $0 != nil } }
                // A crash at the first writes has left no CronJob to tick.
                let hasCronJob = try await bed.cluster.cronJob("nightly", in: bed.namespace) != nil
                let early = hasCronJob ? try await bed.tick(minute: 1) : nil
                if let early { try await proxy.untilCrash { try await bed.waitUntilGone(early) } }
                bed.operator.crash()
                try await bed.withOperator(bed.cluster.configuration) { _ in
                    let tick: Tick
                    if let early {
                        tick = early
                    } else {
                        try await bed.wait(forCronJob: "nightly", "there") { $0 != nil }
                        tick = try await bed.tick(minute: 1)
                    }
                    try await bed.waitUntilGone(tick)
                    let done = try await bed.wait(for: tick.metadata.name, phase: .succeeded)
                    #expect(done.spec.value?.cancel == nil)
                    try await bed.wait(for: tick.metadata.name, "is let go") { $0.metadata.finalizers.isEmpty }
                    try await bed.wait(forSchedule: "nightly", "tells of it") {
                        $0.status?.lastSuccessfulTime != nil && $0.status?.activeCount == 0
                            && $0.status?.lastScheduleTime == Timestamp("2026-03-31T00:01:00Z")
                            && $0.status?.ready?.isTrue == true
                    }
                }
                #expect(try bed.requestCreations() == 1)
            }
        }
    }

    /// The CronJob controller itself, and a minute that truly comes; where the server knows zones, one that comes at
    /// another hour elsewhere.
    @Test func realTickBecomesARequest() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: "parameters: [{name: at, type: string}]")
            let isZoned = try await bed.cluster.checksRules()
            let time = isZoned ? "\(Self.minuteInKathmandu()), timeZone: Asia/Kathmandu" : "'* * * * *'"
            try await bed.createSchedule(
                more: #"{schedule: \#(time), request: {spec: {parameters: {at: "{time}"}}}}"#)
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let requests = try await bed.cluster.wait(
                forAll: ReportRequest.self, selector: ReportsAPI.scheduleSelector, in: bed.namespace,
                within: .seconds(150), "has succeeded"
            ) { $0.contains { $0.status?.phase == .succeeded } }
            let request = try #require(requests.first)
            try await bed.cluster.wait(for: Tick.self, request.metadata.name, in: bed.namespace, "gone") { $0 == nil }
            let told = try await bed.wait(forSchedule: "nightly", "tells of it") {
                $0.status?.lastSuccessfulTime != nil
            }
            let at = try #require(request.spec.value?.parameters?["at"]?.string)
            #expect(at.hasSuffix(isZoned ? ":00+05:45" : ":00Z"), "\(at)")
            let minute = Timestamp(try Date(at, strategy: .iso8601))
            let created = try #require(request.metadata.creationTimestamp)
            #expect((0..<90).contains(created.seconds - minute.seconds), "\(minute), created \(created)")
            // The next minute may have come since.
            #expect(try #require(told.status?.lastScheduleTime) >= minute)
        }
    }

    /// The cron expression of a minute that comes within a minute and a half, by the clocks there, which are 5:45 hours ahead of
    /// UTC.
    private static func minuteInKathmandu() -> String {
        let minutes = (Int(Date().timeIntervalSince1970) + 30) / 60 + 1 + 345
        return "'\(minutes % 60) \(minutes / 60 % 24) * * *'"
    }

    /// Nobody has applied the CRD: the rest works, and schedules do when it comes.
    @Test func operatorWorksWithoutTheKind() async throws {
        try await OwnCluster.run("schedules") { own in
            try await own.applyDefinitions()
            try await own.live.kubectl("delete", "crd", "reportschedules.reports.ers.dev")
            try await TestBed.run(on: own.live) { bed in
                try await bed.createPipeline()
                try await bed.createRequest()
                try await bed.wait(phase: .succeeded)
                #expect(bed.operator.controller.isReady)
                try await bed.operator.log.wait(
                    for: "Can't list objects", "resource=reportschedules.reports.ers.dev", "apply its CRD")
                try await own.applyDefinitions()
                try await bed.createSchedule()
                try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
                let tick = try await bed.tick(minute: 1)
                try await bed.wait(for: tick.metadata.name, phase: .succeeded)
            }
        }
    }
}
