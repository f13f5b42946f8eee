import Calendars
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

    @Test func theNextRunIsCronsInTheZone() {
        // 2027-01-15 08:00:00 UTC
        #expect(view.next(schedule("0 6 1 * *")) == Timestamp("2027-02-01T06:00:00Z"))
        #expect(view.next(schedule("30 8 * * *", zone: nil)) == Timestamp("2027-01-15T08:30:00Z"))
        #expect(view.next(schedule("0 6 1 * *", suspend: true)) == nil)
        #expect(view.next(schedule("0 6 1 * *", zone: "Nowhere/Land")) == nil)
        #expect(view.next(schedule("often")) == nil)
        #expect(view.next(schedule("0 6 1 * *", ready: .ready("False", "InvalidSpec"))) == nil)
        #expect(view.next(schedule("0 6 1 * *", ready: .ready("True"))) != nil)
    }

    @Test func statesTellWhetherItTicks() {
        let schedules = [
            schedule("0 6 1 * *", ready: .ready("True")),
            schedule("@daily", suspend: true, ready: .ready("True")),
            schedule("0 6 1 * *", ready: .ready("False", "InvalidSpec")), schedule("0 6 1 * *"),
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

    private func details(_ schedule: ReportSchedule) -> [String] {
        view.details(schedule).map { $0.rendered(color: false) }
    }

    @Test func oneScheduleIsShownWithItsNextRunsAndWhatTheyAskFor() throws {
        var monthly = schedule("0 6 1 * *", ready: .ready("True"))
        var spec = try #require(monthly.spec.value)
        spec.request.spec.parameters = ["period": .string("{month-1}"), "top": .integer(5)]
        spec.history = .init(succeeded: 12)
        monthly.spec = .value(spec)
        monthly.status?.cronJob = "monthly-x"
        monthly.status?.lastScheduleTime = Timestamp("2027-01-01T06:00:00Z")
        monthly.status?.lastSuccessfulTime = Timestamp("2027-01-01T06:01:00Z")
        monthly.status?.active = [.init(name: "monthly-1", scheduledTime: Timestamp("2027-01-01T06:00:00Z"))]
        let lines = details(monthly)
        for line in [
            "Name:          monthly", "Namespace:     finance", "Pipeline:      trial-balance",
            "Schedule:      0 6 1 * *", "Zone:          UTC", "Policy:        Forbid",
            "Keeps:         12 that succeeded, 3 others", "State:         ready   m",
            "Next runs:     2027-02-01 06:00:00  (in 16d)", "               2027-03-01 06:00:00  (in 44d)",
            "               2027-04-01 06:00:00  (in 75d)", "Last run:      2027-01-01 06:00:00  (14d ago)",
            "Active:        monthly-1, for 2027-01-01 06:00:00", "CronJob:       monthly-x",
            "PARAMETER   VALUE       AT THE NEXT RUN", "period      {month-1}   2027-01", "top         5           5",
        ] { #expect(lines.contains(line), "\(line) is not in \(lines.joined(separator: "\n"))") }
    }

    @Test func pastRunsAreShownTheLatestFirstAndTenOfThem() {
        func run(_ number: Int, _ phase: ReportRequestStatus.Phase) -> ReportRequest {
            let time = Timestamp.start.after(Int64(number))
            return ReportRequest.fixture(name: "monthly-\(number)").created(at: time).started(at: time)
                .ended(phase, at: time.after(5))
        }
        let over = (1...11).map { run($0, $0 == 11 ? .failed : .succeeded) }
        let live = ReportRequest.fixture(name: "monthly-12").created(at: .start.after(12)).started()
        let lines = view.details(schedule("@daily", ready: .ready("True")), runs: over + [live]).map {
            $0.rendered(color: false)
        }
        let first = lines.firstIndex { $0.hasPrefix("PAST RUN ") } ?? lines.endIndex
        let names = lines[first...].dropFirst().map { String($0.prefix { $0 != " " }) }
        #expect(names == (2...11).reversed().map { "monthly-\($0)" })
        #expect(lines[first + 1].contains(/monthly-11 +Failed .* StageFailed/), "\(lines[first + 1])")
        #expect(
            view.details(schedule("@daily"), runs: [live]).allSatisfy { !$0.rendered(color: false).contains("PAST") })
    }

    @Test func aScheduleThatDoesNotTickSaysWhy() {
        let faulty = details(schedule("0 6 1 * *", ready: .ready("False", "InvalidSpec")))
        #expect(faulty.contains { $0.hasPrefix("State: ") && $0.hasSuffix("InvalidSpec   m") }, "\(faulty)")
        #expect(!faulty.contains { $0.hasPrefix("Next runs") }, "\(faulty)")
        var unscheduled = Condition.ready("True", "Suspended")
        unscheduled.message = "suspended: no more ticks"
        let said = details(schedule("@daily", suspend: true, ready: unscheduled))
        #expect(said.contains { $0.hasPrefix("State: ") && $0.hasSuffix(" suspended   no more ticks") }, "\(said)")
        let suspended = details(schedule("@daily", suspend: true, ready: .ready("True")))
        #expect(suspended.contains { $0.hasPrefix("State: ") && $0.contains("suspended") }, "\(suspended)")
    }
}
