package import KubernetesModel
package import ReportAPI

/// Decides which requests a trigger's alerts ask for now, and what its status says.
///
/// Pure, as `RunPlanner`: once a plan has been carried out and observed, the next one is empty. For one alert, with `cooldown: 1h`:
///
/// | observed | planned |
/// | --- | --- |
/// | it fires | its request, named after trigger and firing |
/// | the same, with that request | nothing |
/// | it has ended | nothing: what was asked for goes on |
/// | it fires again within an hour of its first notice | nothing: to `AlertBook` it is the same firing |
/// | it fires again later | a request, named after the new firing |
package enum TriggerPlanner {
    package static func plan(_ observed: ObservedTrigger, now: Timestamp) -> TriggerPlan {
        guard !observed.trigger.metadata.isDeleting else { return TriggerPlan() }
        var draft = TriggerDraft(observed, now: now)
        let alerts = observed.trigger.status?.alerts ?? []
        // Those that wait longest go first; what is told of them has one order, too.
        for alert in alerts.sorted(by: { ($0.since, $0.fingerprint) < ($1.since, $1.fingerprint) }) {
            draft.serve(alert)
        }
        draft.describe(alerts)
        return draft.plan
    }

    /// The names that requests of its alerts have, as far as they may be there or be made.
    package static func requestNames(of trigger: ReportTrigger) -> [String] {
        (trigger.status?.alerts ?? []).flatMap { alert in
            let served = TriggerDraft.served(alert, in: trigger)
            return (0...ReportTriggerSpec.maximumSteps).dropFirst(served)
                .map { TriggerRequest.name(of: trigger.metadata, alert, step: $0) }
        }
    }
}

/// A plan for a trigger in the making.
struct TriggerDraft {
    struct Fault: Error {
        let reason: String
        let message: String
    }

    private static let untilFixed = "no reports are created until this is fixed"

    let observed: ObservedTrigger
    let now: Timestamp
    private let template: TriggerTemplate?
    private let declared: [ParameterSpec]?
    /// What keeps all requests from being made.
    private let fault: Fault?
    /// What keeps the request of one alert from being made, and how many others are kept.
    private var alertFault: (fault: Fault, others: Int)?
    private var served: [ReportTriggerStatus.Served] = []
    private var firing = 0
    private(set) var plan = TriggerPlan()

    init(_ observed: ObservedTrigger, now: Timestamp) {
        self.observed = observed
        self.now = now
        switch Self.template(of: observed.trigger) {
        case .failure(let fault): (template, declared, self.fault) = (nil, nil, fault)
        case .success(let template):
            self.template = template
            if case .found(let pipeline, _) = observed.pipeline {
                declared = pipeline.spec.value?.parameters ?? []
            } else {
                declared = nil
            }
            fault = Self.fault(of: template, observed)
        }
    }

    private static func template(of trigger: ReportTrigger) -> Result<TriggerTemplate, Fault> {
        func invalid(_ message: String) -> Fault {
            Fault(reason: Reason.invalidSpec, message: "\(message); \(untilFixed)")
        }
        switch trigger.spec {
        case .fault(let message): return .failure(invalid(message))
        case .value(let spec):
            do throws(TriggerTemplate.Faults) {
                return .success(try TriggerTemplate(spec))
            } catch {
                return .failure(invalid(error.description))
            }
        }
    }

    private static func fault(of template: TriggerTemplate, _ observed: ObservedTrigger) -> Fault? {
        let name = observed.trigger.spec.value?.request.pipelineRef.name ?? ""
        switch observed.pipeline {
        case .unknown: return nil
        case .missing:
            return Fault(
                reason: Reason.pipelineNotFound,
                message: "there is no ReportPipeline \"\(name)\" in namespace \(observed.trigger.metadata.namespace); "
                    + "create it, or mend spec.request.pipelineRef.name; \(untilFixed)")
        case .found(let pipeline, let zoneFault):
            let faults = PipelinePlanner.faults(in: pipeline, zoneFault: zoneFault)
            guard faults.isEmpty else {
                return Fault(
                    reason: Reason.pipelineNotReady,
                    message: "ReportPipeline \(name): \(FaultList.text(faults)); \(untilFixed)")
            }
            let refused = template.faults(declared: pipeline.spec.value?.parameters ?? [])
            guard !refused.isEmpty else { return nil }
            return Fault(reason: Reason.invalidParameters, message: "\(FaultList.text(refused)); \(untilFixed)")
        }
    }

    // MARK: Requests

    /// How many requests the status says were made of this firing.
    static func served(_ alert: ReportTriggerStatus.Alert, in trigger: ReportTrigger) -> Int {
        let entry = trigger.status?.served?.first {
            $0.fingerprint.isSame(as: alert.fingerprint) && $0.since == alert.since
        }
        return min(max(entry?.requests ?? 0, 0), ReportTriggerSpec.maximumSteps + 1)
    }

    /// The next request of one firing, if it is time. The first is made of every firing, also of one that has ended since;
    /// later ones while it still fires. What nobody has reported for long makes nothing more.
    mutating func serve(_ alert: ReportTriggerStatus.Alert) {
        let metadata = observed.trigger.metadata
        func name(_ step: Int) -> String { TriggerRequest.name(of: metadata, alert, step: step) }
        var step = Self.served(alert, in: observed.trigger)
        while step <= ReportTriggerSpec.maximumSteps, observed.requests[name(step)] != nil { step += 1 }
        if step > 0 { served.append(.init(fingerprint: alert.fingerprint, since: alert.since, requests: step)) }
        let staleAt = alert.lastNotice.adding(template?.staleAfter ?? ReportTriggerSpec.defaultRepeat)
        let isFresh = now < staleAt
        if isFresh, alert.endedAt == nil {
            firing += 1
            wake(at: staleAt)
        }
        guard let template, fault == nil, isFresh, step < template.steps.count, step == 0 || alert.endedAt == nil else {
            return
        }
        let due = alert.since.adding(template.steps[step].after)
        guard due <= now else { return wake(at: due) }
        make(alert, template, step, name(step))
    }

    private mutating func wake(at time: Timestamp) { plan.wakeAt = min(time, plan.wakeAt ?? time) }

    private mutating func make(
        _ alert: ReportTriggerStatus.Alert, _ template: TriggerTemplate, _ step: Int, _ name: String
    ) {
        let spec: ReportRequestSpec
        do throws(TriggerTemplate.Missing) {
            spec = try template.spec(of: alert, deliver: template.steps[step].deliver)
        } catch {
            return note(
                Reason.placeholderMissing,
                "alert \(alert.fingerprint) has no \(error.source), which \(error.parameter) stands for; add it to the "
                    + "alert's rule, or take the placeholder out; no report of that alert is created until this is fixed"
            )
        }
        if let declared,
            case .faults(let faults) = ParameterCheck.resolve(
                spec.parameters ?? [:], declared: declared, at: TriggerTemplate.root)
        {
            return note(
                Reason.invalidParameters,
                "of alert \(alert.fingerprint) \(FaultList.text(faults)); mend the alert's rule or the template; no report "
                    + "of that alert is created until this is fixed")
        }
        let request = TriggerRequest(of: observed.trigger.metadata, name, spec)
        switch observed.setbacks[name] {
        case nil: plan.requests.append(request)
        case .postponed(let message)?:
            plan.retries.append(request)
            note(Reason.requestNotCreated, "request \(name) can't be created yet: \(message)")
        case .refused(let message)?:
            note(Reason.requestNotCreated, "the API server refuses request \(name): \(message)")
        case .taken?:
            note(
                Reason.requestNotCreated,
                "there is a ReportRequest \"\(name)\" that isn't this trigger's; delete it")
        }
    }

    private mutating func note(_ reason: String, _ message: String) {
        if alertFault != nil {
            alertFault?.others += 1
            return
        }
        alertFault = (Fault(reason: reason, message: message), 0)
    }

    // MARK: Status

    mutating func describe(_ alerts: [ReportTriggerStatus.Alert]) {
        // What they come to is told in the next pass.
        guard plan.requests.isEmpty else { return }
        let trigger = observed.trigger
        var status = trigger.status ?? ReportTriggerStatus()
        status.observedGeneration = trigger.metadata.generation
        status.served = served.isEmpty ? nil : served
        status.firing = firing
        status.lastRequestTime = ([status.lastRequestTime] + observed.requests.values.map(Optional.some)).compactMap(
            \.self
        ).max()
        let (isReady, reason, message) = readiness(alerts)
        let before = status.ready
        let value = isReady ? "True" : "False"
        let condition = Condition(
            type: ReportTriggerStatus.readyCondition, status: value, reason: reason, message: message,
            lastTransitionTime: before?.status == value ? before?.lastTransitionTime : now,
            observedGeneration: trigger.metadata.generation)
        status.conditions = (status.conditions ?? []).filter { $0.type != condition.type } + [condition]
        plan.status = status == trigger.status ? nil : status
    }

    private func readiness(_ alerts: [ReportTriggerStatus.Alert]) -> (isReady: Bool, reason: String, message: String) {
        if let fault { return (false, fault.reason, fault.message) }
        if let (fault, others) = alertFault {
            let more = others > 0 ? "; the same or the like holds for \(others) more" : ""
            return (false, fault.reason, "\(fault.message)\(more)")
        }
        if let template, AlertBook.isFull(alerts),
            !alerts.contains(where: { AlertBook.isOver($0, template, now: now) })
        {
            return (
                false, Reason.tooManyAlerts,
                "\(alerts.count) alerts fire or have fired within spec.cooldown, and no more can be kept: further ones make no "
                    + "reports; narrow spec.match.labels, or split the trigger"
            )
        }
        return (true, Reason.listening, "a report is created of each alert that matches")
    }
}

/// What to do next for one trigger: requests to make, in order, up to the first that fails; the status; then what failed
/// before and is tried again.
package struct TriggerPlan: Hashable, Sendable {
    package var requests: [TriggerRequest] = []
    /// Nil when it stands already, and while there are requests to make, which it has to tell of.
    package var status: ReportTriggerStatus?
    package var retries: [TriggerRequest] = []
    /// When to look again though nothing has changed.
    package var wakeAt: Timestamp?

    package init() {}

    package var isEmpty: Bool { requests.isEmpty && status == nil && retries.isEmpty }
}
