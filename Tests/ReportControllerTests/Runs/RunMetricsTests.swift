import KubernetesModel
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// What `/metrics` tells of runs, and what it costs to ask.
struct RunMetricsTests {
    private let registry = MetricsRegistry()
    private let cache = ClusterCache()
    private let metrics: ReportMetrics

    init() { metrics = ReportMetrics(registry: registry, cache: cache) }

    /// The page's lines with that metric's samples.
    private func lines(_ name: String) -> [String] {
        registry.render().split(separator: "\n").map(String.init).filter {
            $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ")
        }
    }

    private func play(_ states: [ReportRequest]) {
        for (old, new) in zip(states, states.dropFirst()) {
            guard let status = new.status else { continue }
            metrics.runs.changed(old, to: status)
        }
    }

    @Test func aRunThatFailsAndIsTriedAgainIsTwoRuns() {
        play(RequestLife.states())
        #expect(
            lines("report_runs_total") == [
                #"report_runs_total{pipeline="finance/(inline)",outcome="Failed"} 1"#,
                #"report_runs_total{pipeline="finance/(inline)",outcome="Succeeded"} 1"#,
            ])
        #expect(
            lines("report_stage_duration_seconds_count") == [
                #"report_stage_duration_seconds_count{pipeline="finance/(inline)",stage="extract"} 1"#,
                #"report_stage_duration_seconds_count{pipeline="finance/(inline)",stage="load"} 2"#,
            ])
        #expect(
            lines("report_stage_duration_seconds_sum").first
                == #"report_stage_duration_seconds_sum{pipeline="finance/(inline)",stage="extract"} 4"#)
        #expect(
            lines("report_run_duration_seconds_count") == [
                #"report_run_duration_seconds_count{pipeline="finance/(inline)"} 2"#
            ])
    }

    @Test func theWaitIsFromAcceptanceToTheStart() {
        play(Array(RequestLife.states().prefix(5)))
        #expect(lines("report_queue_wait_seconds_sum") == ["report_queue_wait_seconds_sum 5"])
        #expect(lines("report_queue_wait_seconds_count") == ["report_queue_wait_seconds_count 1"])
    }

    @Test func aStatusThatIsWrittenAgainCountsNothing() {
        let states = RequestLife.states()
        play(states.flatMap { [$0, $0] })
        #expect(lines("report_runs_total").allSatisfy { $0.hasSuffix(" 1") })
        #expect(lines("report_queue_wait_seconds_count").count == 1)
    }

    @Test func atMostFiveHundredPipelinesAreToldApart() {
        let ended = RequestLife.states(cancelled: true)
        for number in 0..<600 {
            play(
                ended.map { state in
                    state.status { $0.pipelineName = "p-\(number)" }
                })
        }
        let runs = lines("report_runs_total")
        #expect(runs.count == 501)
        #expect(runs.contains(#"report_runs_total{pipeline="other",outcome="Cancelled"} 100"#))
        // Pipelines and stages are bounded together: two stages each.
        #expect(lines("report_stage_duration_seconds_count").count == 501)
    }

    @Test func theOldestOfThoseThatRunIsToldByPipeline() {
        func running(_ name: String, since: Int64) -> ReportRequest {
            .fixture(name: name, uid: "uid-\(name)").status {
                $0.phase = .running
                $0.pipelineName = "tb"
                $0.startedAt = .start.after(since)
            }
        }
        #expect(lines("report_run_oldest_start_timestamp_seconds").isEmpty)
        for (name, since) in [("a", 30), ("b", 10), ("c", 20)] as [(String, Int64)] {
            cache.requests.observe(running(name, since: since))
        }
        #expect(
            lines("report_run_oldest_start_timestamp_seconds")
                == [#"report_run_oldest_start_timestamp_seconds{pipeline="finance/tb"} 1800000010"#])
    }

    @Test func aPageLooksAtNoRequestsButThoseThatRun() {
        for number in 0..<10_000 {
            cache.requests.observe(
                ReportRequest.numbered(number).status {
                    $0.phase = number < 20 ? .running : number < 5000 ? .queued : .succeeded
                })
        }
        let before = cache.requests.lookedAt
        #expect(lines("report_queue_depth") == ["report_queue_depth 4980"])
        #expect(cache.requests.lookedAt - before == 20)
    }
}

/// What `/metrics` tells of schedules.
struct ScheduleTimesTests {
    private let times = ScheduleTimes()

    private func schedule(
        _ name: String = "daily", generation: Int64 = 1, _ cron: String = "*/10 * * * *", suspend: Bool = false,
        last: Timestamp? = nil
    ) -> ReportSchedule {
        var status = ReportScheduleStatus()
        status.lastScheduleTime = last
        status.lastSuccessfulTime = last
        return ReportSchedule(
            metadata: ObjectMeta(
                name: name, namespace: "finance", uid: "uid-\(name)", resourceVersion: "1", generation: generation,
                creationTimestamp: .start),
            spec: ReportScheduleSpec.fixture().with {
                $0.schedule = cron
                $0.suspend = suspend
            }, status: status)
    }

    private func note(_ schedule: ReportSchedule, at now: Timestamp) {
        let key = schedule.metadata.ownerKey
        times.note(ObservedSchedule(uid: key.uid, schedule: schedule), of: key, at: now)
    }

    private var next: [Double] { times.samples(\.next).map(\.value) }

    @Test func theNextTimeIsTheFirstAfterTheNewestTick() {
        note(schedule(), at: .start)
        #expect(next == [Double(Timestamp.start.after(600).seconds)])
        // A pass alone moves nothing: the time was missed.
        note(schedule(), at: .start.after(3000))
        #expect(next == [Double(Timestamp.start.after(600).seconds)])
        note(schedule(last: .start.after(1200)), at: .start.after(3000))
        #expect(next == [Double(Timestamp.start.after(1800).seconds)])
        #expect(times.samples(\.lastSuccess).map(\.value) == [Double(Timestamp.start.after(1200).seconds)])
    }

    @Test func anotherSpecHasMissedNothingOfThePast() {
        note(schedule(last: .start), at: .start)
        note(schedule(generation: 2, "*/5 * * * *", last: .start), at: .start.after(3000))
        #expect(next == [Double(Timestamp.start.after(3300).seconds)])
    }

    @Test func whatIsSuspendedOrGoneHasNoNextTime() {
        note(schedule(), at: .start)
        note(schedule(generation: 2, suspend: true), at: .start)
        #expect(next.isEmpty)
        let key = schedule().metadata.ownerKey
        times.note(ObservedSchedule(uid: key.uid, schedule: nil), of: key, at: .start)
        #expect(times.samples(\.lastSuccess).isEmpty)
    }

    @Test func atMostFiveHundredAreToldApart() {
        for number in 0..<600 { note(schedule("s-\(number)"), at: .start) }
        #expect(next.count == 501)
    }
}
