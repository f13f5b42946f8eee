import Calendars
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Working days, holidays, and when a schedule comes next.
struct WorkdayTests {
    private let holidays = ReportScheduleSpec.Holidays(dates: ["2026-12-25", "2027-01-01", "2026-12-24"])

    @Test(
        arguments: [
            // A Monday, a Tuesday, a Saturday, a Sunday.
            ("{workday-1}", "2026-11-30", "2026-11-27"), ("{workday-1}", "2026-12-01", "2026-11-30"),
            ("{workday-1}", "2026-11-28", "2026-11-27"), ("{workday-1}", "2026-11-29", "2026-11-27"),
            ("{workday}", "2026-11-30", "2026-11-30"), ("{workday}", "2026-11-29", "2026-11-27"),
            ("{workday+1}", "2026-11-27", "2026-11-30"), ("{workday-5}", "2026-11-30", "2026-11-23"),
            ("{workday+5}", "2026-11-28", "2026-12-04"),
            // Beside holidays: a Monday after Thursday and Friday; a holiday itself; over the new year.
            ("{workday-1}", "2026-12-28", "2026-12-23"), ("{workday}", "2026-12-25", "2026-12-23"),
            ("{workday+1}", "2026-12-31", "2027-01-04"), ("{workday+999}", "2026-11-27", "2030-10-01"),
        ])
    func workdaysLeaveOutEndsOfWeeksAndHolidays(text: String, day: String, expected: String) throws {
        let workdays = try Workdays(holidays)
        let moment = try #require(Timestamp("\(day)T06:00:00Z"))
        #expect(try TemplateText(text).text(at: moment, in: .utc, workdays: workdays) == expected)
    }

    @Test func theDayIsTheOneOfTheSchedulesZone() throws {
        // Monday morning in Tokyo is Sunday evening in UTC.
        let moment = try #require(Timestamp("2026-11-29T21:00:00Z"))
        let text = try TemplateText("{workday-1}")
        #expect(text.text(at: moment, in: try .named("Asia/Tokyo")) == "2026-11-27")
        #expect(try TemplateText("{workday}").text(at: moment, in: try .named("Asia/Tokyo")) == "2026-11-30")
    }

    private func schedule(_ edit: (inout ReportScheduleSpec) -> Void) -> ReportSchedule {
        ReportSchedule(
            metadata: ObjectMeta(
                name: "nightly", namespace: "finance", uid: "s-1", resourceVersion: "7", generation: 3),
            spec: .fixture().with {
                $0.schedule = "0 6 * * *"
                $0.request.spec.parameters = ["day": "{workday-1}"]
                edit(&$0)
            })
    }

    private func observed(_ schedule: ReportSchedule, ticks: [Tick] = []) throws -> ObservedSchedule {
        let spec = try #require(schedule.spec.value)
        var cronJob = try ScheduleCronJob.manifest(schedule, spec, version: "v1").decoded(CronJob.self)
        cronJob.metadata.uid = "c-1"
        return ObservedSchedule(uid: "s-1", schedule: schedule, cronJob: cronJob, ticks: ticks)
    }

    private func tick(_ time: String, name: String = "nightly-29781000", isManual: Bool = false) throws -> Tick {
        let cronJob = CronJob(
            metadata: ObjectMeta(name: "nightly", namespace: "finance", uid: "c-1"),
            spec: .init(schedule: "0 6 * * *", jobTemplate: .init(spec: .init(parallelism: 0))))
        return Tick(
            metadata: ObjectMeta(
                name: name, namespace: "finance", uid: "t-1", creationTimestamp: Timestamp(time),
                ownerReferences: [OwnerReference(controlledBy: cronJob)]),
            scheduledTimestamp: isManual ? nil : Timestamp(time), isManual: isManual)
    }

    private func isCreation(_ action: ScheduleAction) -> Bool {
        if case .createRequest = action { true } else { false }
    }

    @Test func aTickOfAHolidayBecomesNoRequestAndGoesOnceItIsTold() throws {
        let schedule = schedule {
            $0.holidays = holidays
            $0.skipOn = .holidays
        }
        let now = try #require(Timestamp("2026-12-25T06:00:05Z"))
        var observed = try observed(schedule, ticks: [try tick("2026-12-25T06:00:00Z")])
        let first = SchedulePlanner.plan(observed, now: now)
        #expect(first.actions.isEmpty, "its time is told first")
        #expect(first.status?.lastScheduleTime == Timestamp("2026-12-25T06:00:00Z"))
        #expect(first.status?.lastSkippedTime == Timestamp("2026-12-25T06:00:00Z"))
        observed.schedule?.status = first.status
        let second = SchedulePlanner.plan(observed, now: now)
        guard case .confirmTickIsUnserved(let tick, let names)? = second.actions.first else {
            return #expect(Bool(false), "\(second.actions)")
        }
        #expect(tick.metadata.uid == "t-1" && names.first == "nightly-29781000" && names.count == 2)
        #expect(second.actions.last == .deleteTick(name: "nightly-29781000", uid: "t-1") && second.status == nil)
        observed.ticks = []
        #expect(SchedulePlanner.plan(observed, now: now).isEmpty)
    }

    @Test func othersAreServed() throws {
        let skipping = schedule {
            $0.holidays = holidays
            $0.skipOn = .holidays
        }
        let now = try #require(Timestamp("2026-12-25T06:00:05Z"))
        for (schedule, tick) in [
            (skipping, try tick("2026-12-25T06:00:00Z", name: "now", isManual: true)),
            (skipping, try tick("2026-12-23T06:00:00Z")),
            (schedule { $0.holidays = holidays }, try tick("2026-12-25T06:00:00Z")),
        ] {
            #expect(
                SchedulePlanner.plan(try observed(schedule, ticks: [tick]), now: now).actions.contains(
                    where: isCreation))
        }
    }

    @Test func whatIsNoHolidayIsSaid() throws {
        let schedule = schedule {
            $0.holidays = .init(dates: ["2026-02-30", "Christmas"])
            $0.skipOn = .holidays
        }
        var observed = try observed(schedule)
        observed.cronJob?.spec.suspend = true
        let ready = SchedulePlanner.plan(observed, now: .start).status?.ready
        #expect(ready?.reason == Reason.invalidSpec)
        #expect(ready?.message.contains("spec.holidays.dates[0]: \"2026-02-30\" is not a date") == true)
        #expect(ready?.message.contains("spec.holidays.dates[1]: \"Christmas\"") == true)
        observed.schedule = self.schedule { $0.skipOn = .holidays }
        let none = SchedulePlanner.plan(observed, now: .start).status?.ready
        #expect(none?.message.hasPrefix("spec.skipOn: there are no holidays to skip") == true)
    }

    // MARK: A ConfigMap's

    @Test(
        arguments: [
            (.unread, "ConfigMap \"plant\" hasn't been read yet"),
            (.missing, "there is no ConfigMap \"plant\" in namespace finance"),
            (
                .refused("configmaps is forbidden"),
                "the operator may not read ConfigMap \"plant\": configmaps is forbidden"
            ),
            (.found(["other": "2026-12-25"]), "ConfigMap \"plant\" has no key \"holidays\""),
            (
                .found(["holidays": "2026-12-25\n\n25.12.2026 Christmas\n2026-02-30"]),
                "key holidays, line 3: \"25.12.2026\" is not a date such as 2026-12-25; line 4: \"2026-02-30\" is not"
            ),
        ] as [(ObservedSchedule.HolidayMap, String)])
    func whileItSaysNothingItsTicksWait(map: ObservedSchedule.HolidayMap, words: String) throws {
        let schedule = schedule {
            $0.holidays = .init(configMap: .init(name: "plant"))
            $0.skipOn = .holidays
        }
        let now = try #require(Timestamp("2026-12-28T06:00:05Z"))
        var observed = try observed(schedule, ticks: [try tick("2026-12-28T06:00:00Z")])
        observed.holidays = map
        let plan = SchedulePlanner.plan(observed, now: now)
        #expect(plan.actions.isEmpty)
        let ready = try #require(plan.status?.ready)
        #expect(ready.status == "False" && ready.reason == Reason.holidaysUnavailable)
        #expect(ready.message.contains(words), "\(ready.message)")
        #expect(plan.status?.ticks == true && plan.status?.nextScheduleTime == nil)
        // Suspended all the same.
        observed.schedule = self.schedule {
            $0.holidays = .init(configMap: .init(name: "plant"))
            $0.suspend = true
        }
        #expect(SchedulePlanner.plan(observed, now: now).actions.count == 1)
    }

    @Test func whatItListsCountsBesideThoseOfTheSchedule() throws {
        let schedule = schedule {
            $0.holidays = .init(dates: ["2026-12-24"], configMap: .init(name: "plant", key: "2026"))
        }
        let now = try #require(Timestamp("2026-12-28T06:00:05Z"))
        var observed = try observed(schedule, ticks: [try tick("2026-12-28T06:00:00Z")])
        observed.holidays = .found(["2026": "# ours\n2026-12-25 Christmas\r\n2026-12-23\tthe day before"])
        guard case .createRequest(_, let request)? = SchedulePlanner.plan(observed, now: now).actions.first else {
            return #expect(Bool(false))
        }
        #expect(request.spec.parameters?["day"] == "2026-12-22")
    }

    /// A megabyte of them, and each next working day is looked for at a thousand moments.
    @Test func moreThanAnybodyHasAreRefused() throws {
        let text = (1000..<1020).flatMap { year in (1...12).flatMap { month in (1...28).map { (year, month, $0) } } }
            .map { "\($0)-\($1 < 10 ? "0" : "")\($1)-\($2 < 10 ? "0" : "")\($2)" }.joined(separator: "\n")
        var observed = try observed(schedule { $0.holidays = .init(configMap: .init(name: "plant")) })
        observed.holidays = .found(["holidays": text])
        let ready = SchedulePlanner.plan(observed, now: .start).status?.ready
        #expect(ready?.message.contains("there are more than 5000 dates") == true, "\(ready?.message ?? "")")
    }

    // MARK: When it comes next

    @Test(
        arguments: [
            ("2026-11-30T05:59:00Z", nil, "2026-11-30T06:00:00Z"),
            // Until its tick has been seen, or could have been.
            ("2026-11-30T06:00:10Z", nil, "2026-11-30T06:00:00Z"),
            ("2026-11-30T06:00:10Z", "2026-11-30T06:00:00Z", "2026-12-01T06:00:00Z"),
            ("2026-11-30T06:00:30Z", nil, "2026-12-01T06:00:00Z"),
            // Over holidays.
            ("2026-12-23T07:00:00Z", nil, "2026-12-26T06:00:00Z"),
        ] as [(String, String?, String)])
    func theNextTimeIsTold(now: String, last: String?, next: String) throws {
        var schedule = schedule {
            $0.holidays = holidays
            $0.skipOn = .holidays
        }
        schedule.status = ReportScheduleStatus()
        schedule.status?.lastScheduleTime = last.flatMap(Timestamp.init)
        let moment = try #require(Timestamp(now))
        var observed = try observed(schedule)
        let plan = SchedulePlanner.plan(observed, now: moment)
        let time = try #require(Timestamp(next))
        #expect(plan.status?.nextScheduleTime == time)
        #expect(plan.wakeAt == time.after(30))
        observed.schedule?.status = plan.status
        #expect(SchedulePlanner.plan(observed, now: moment).isEmpty)
    }

    @Test func itIsTheZonesAndNoneWhereItDoesNotTick() throws {
        let now = try #require(Timestamp("2026-11-30T00:00:00Z"))
        let zoned = schedule { $0.timeZone = "Asia/Tokyo" }
        var observed = try observed(zoned)
        observed.zone = .known(try .named("Asia/Tokyo"))
        observed.cronJob?.spec.timeZone = "Asia/Tokyo"
        observed.cronJob?.spec.suspend = false
        #expect(SchedulePlanner.plan(observed, now: now).status?.nextScheduleTime == Timestamp("2026-11-30T21:00:00Z"))
        for spec in [schedule { $0.suspend = true }, schedule { $0.schedule = "0 0 30 2 *" }] {
            #expect(SchedulePlanner.plan(try self.observed(spec), now: now).status?.nextScheduleTime == nil)
        }
    }

    @Test func anIntervalCountsFromItsLastTick() throws {
        var schedule = schedule { $0.schedule = "@every 1h" }
        let now = try #require(Timestamp("2026-11-30T00:10:00Z"))
        #expect(SchedulePlanner.plan(try observed(schedule), now: now).status?.nextScheduleTime == nil)
        schedule.status = ReportScheduleStatus()
        schedule.status?.lastScheduleTime = Timestamp("2026-11-30T00:00:00Z")
        let status = SchedulePlanner.plan(try observed(schedule), now: now).status
        #expect(status?.nextScheduleTime == Timestamp("2026-11-30T01:00:00Z"))
    }
}
