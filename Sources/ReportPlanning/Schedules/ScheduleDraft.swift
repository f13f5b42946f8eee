import Calendars
import KubernetesModel
import ReportAPI

/// A plan for a schedule in the making.
struct ScheduleDraft {
    /// What is wrong with a schedule, so that it must not tick.
    struct Fault {
        var reason: String
        var message: String

        /// The cluster's CronJobs have no zones.
        static let noZones = Fault(
            reason: Reason.timeZoneUnsupported,
            message:
                "this cluster's CronJobs keep no time zones, which needs Kubernetes 1.25; take timeZone away to go by "
                + "the zone of its controller manager")
    }

    let observed: ObservedSchedule
    let now: Timestamp
    /// The schedule while it is there and stays.
    let schedule: ReportSchedule?
    /// Its template, its zone and its spec, where nothing is wrong with them.
    let valid: (spec: ReportScheduleSpec, template: ScheduleTemplate, zone: ZoneRules)?
    let fault: Fault?
    /// Why it can't be told yet whether anything is wrong: then its CronJob stays as it is, and its ticks wait.
    let undecided: Fault?
    /// What its requests can't be made without, though nothing is wrong with its spec: it ticks, and its ticks wait.
    let awaited: Fault?
    var plan = SchedulePlan()

    private let ticksByUID: [String: Tick]
    private let requestsByTick: [String: ReportRequest]

    init(_ observed: ObservedSchedule, now: Timestamp) {
        self.observed = observed
        self.now = now
        schedule = observed.schedule.flatMap { $0.metadata.isDeleting ? nil : $0 }
        switch schedule.map({ Self.validate($0, observed) }) {
        case .success(var parts)?:
            (fault, undecided) = (nil, nil)
            awaited = Self.takeHolidays(observed, into: &parts.template, parts.spec)
            valid = parts
        case .failure(let failure)? where failure.isFinal:
            (valid, fault, undecided, awaited) = (nil, failure.fault, nil, nil)
        case .failure(let failure)?: (valid, fault, undecided, awaited) = (nil, nil, failure.fault, nil)
        case nil: (valid, fault, undecided, awaited) = (nil, nil, nil, nil)
        }
        ticksByUID = Dictionary(observed.ticks.map { ($0.metadata.uid, $0) }) { first, _ in first }
        requestsByTick = Dictionary(
            observed.requests.compactMap { request in
                request.metadata.labels[ReportsAPI.Label.tickUID].map { ($0, request) }
            }
        ) { first, _ in first }
    }

    /// The schedule's CronJob, while it is there and stays.
    var cronJob: CronJob? { observed.cronJob.flatMap { $0.metadata.isDeleting ? nil : $0 } }

    /// The tick that a request was made for, while it is there and stays.
    func tick(of request: ReportRequest) -> Tick? {
        guard let uid = request.metadata.labels[ReportsAPI.Label.tickUID], let tick = ticksByUID[uid],
            !tick.metadata.isDeleting
        else { return nil }
        return tick
    }

    func request(of tick: Tick) -> ReportRequest? { requestsByTick[tick.metadata.uid] }

    func request(uid: String) -> ReportRequest? { observed.requests.first { $0.metadata.uid == uid } }

    /// An action that rests on an old copy fails, and with it all behind it.
    func mayWrite(to request: ReportRequest) -> Bool { !observed.unreadable.contains(request.metadata.uid) }

    func isThere(tickUID uid: String) -> Bool { ticksByUID[uid] != nil }

    func scheduledTime(of tick: Tick) -> Timestamp? {
        ScheduledTime.of(tick, cronJob: observed.cronJob?.metadata.name ?? "")
    }
}

extension ScheduleDraft {
    private struct Failure: Error {
        let fault: Fault
        var isFinal = true
    }

    private static func validate(
        _ schedule: ReportSchedule, _ observed: ObservedSchedule
    ) -> Result<(spec: ReportScheduleSpec, template: ScheduleTemplate, zone: ZoneRules), Failure> {
        func failure(_ reason: String, _ message: String) -> Failure {
            Failure(fault: Fault(reason: reason, message: message))
        }
        let spec: ReportScheduleSpec
        switch schedule.spec {
        case .value(let value): spec = value
        case .fault(let message): return .failure(failure(Reason.invalidSpec, message))
        }
        let template: ScheduleTemplate
        do throws(ScheduleTemplate.Faults) {
            template = try ScheduleTemplate(spec.request, holidays: spec.holidays, skipOn: spec.skipOn)
        } catch {
            return .failure(failure(Reason.invalidSpec, error.description))
        }
        if spec.request.spec.pipeline != nil,
            let obstacle = observed.inlinePipelines.obstacle(
                field: "spec.request.spec.pipeline", namespace: schedule.metadata.namespace)
        {
            return .failure(
                Failure(
                    fault: Fault(reason: obstacle.reason, message: obstacle.message), isFinal: obstacle.isFinal))
        }
        if spec.timeZone != nil, !observed.knowsTimeZones { return .failure(Failure(fault: .noZones)) }
        switch observed.zone {
        case .known(let zone): return .success((spec, template, zone))
        case .unknown(let message): return .failure(failure(Reason.timeZoneUnknown, message))
        }
    }

    /// - Returns: why the ConfigMap that it names says nothing of holidays.
    private static func takeHolidays(
        _ observed: ObservedSchedule, into template: inout ScheduleTemplate, _ spec: ReportScheduleSpec
    ) -> Fault? {
        guard let source = spec.holidays?.configMap else { return nil }
        do throws(Workdays.Faults) {
            let namespace = observed.schedule?.metadata.namespace ?? ""
            template.workdays = try template.workdays.adding(observed.holidays, of: source, in: namespace)
            return nil
        } catch {
            return Fault(reason: Reason.holidaysUnavailable, message: error.description)
        }
    }
}
