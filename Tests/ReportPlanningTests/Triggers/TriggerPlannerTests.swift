import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct TriggerPlannerTests {
    private static func plan(
        _ trigger: ReportTrigger, after seconds: Int64 = 0, made: [String] = [],
        setbacks: [String: ObservedTrigger.Setback] = [:],
        pipeline: ObservedTrigger.Pipeline = .found(.mttr, zoneFault: nil)
    ) -> TriggerPlan {
        TriggerPlanner.plan(
            ObservedTrigger(
                trigger: trigger, pipeline: pipeline,
                requests: Dictionary(uniqueKeysWithValues: made.map { ($0, Timestamp.start) }), setbacks: setbacks),
            now: .start.adding(seconds))
    }

    /// What a trigger's status says of it when nothing is left to make.
    private static func ready(_ plan: TriggerPlan) throws -> Condition {
        let status = try #require(plan.status)
        return try #require(status.ready)
    }

    @Test func firingMakesOneRequestOfTheTemplate() throws {
        let trigger = ReportTrigger.fixture(alerts: [.fixture()])
        let plan = Self.plan(trigger)
        #expect(plan.requests.count == 1 && plan.status == nil)
        let request = try #require(plan.requests.first)
        #expect(request.spec.pipelineRef?.name == "mttr")
        #expect(request.spec.parameters == ["machine": "press-4"])
        #expect(request.metadata.namespace == "plant")
        #expect(request.metadata.labels[ReportsAPI.Label.triggerUID] == "u-1")
        #expect(request.metadata.labels[ReportsAPI.Label.trigger] == "stops")
        let made = Self.plan(trigger, made: [request.name])
        #expect(made.requests.isEmpty)
        let status = try #require(made.status)
        #expect(status.served == [.init(fingerprint: "a1", since: .start, requests: 1)])
        #expect(status.firing == 1 && status.lastRequestTime == .start)
        #expect(try Self.ready(made).reason == Reason.listening)
    }

    /// Its name alone doesn't know that it was there.
    @Test func requestThatWasDeletedIsNotMadeAnew() {
        var trigger = ReportTrigger.fixture(alerts: [.fixture()])
        trigger.status?.served = [.init(fingerprint: "a1", since: .start, requests: 1)]
        #expect(Self.plan(trigger).requests.isEmpty)
        trigger.status?.served = [.init(fingerprint: "a1", since: .start.adding(-7200), requests: 1)]
        #expect(Self.plan(trigger).requests.count == 1, "that was an earlier firing")
    }

    @Test func eachFiringAndEachAlertHasANameOfItsOwn() {
        let names = [ReportTriggerStatus.Alert.fixture(), .fixture(since: -7200), .fixture("b2")].flatMap {
            Self.plan(.fixture(alerts: [$0])).requests.map(\.name)
        }
        #expect(Set(names).count == 3)
        #expect(names.allSatisfy { $0.hasPrefix("stops-") })
    }

    @Test func stepComesWhenItIsTimeAndTheAlertStillFires() {
        let firing = ReportTrigger.fixture(escalation: ["30m", "2h"], alerts: [.fixture(lastNotice: 1200)])
        let first = Self.plan(firing).requests.map(\.name)
        #expect(first.count == 1)
        let waiting = Self.plan(firing, after: 1799, made: first)
        #expect(waiting.requests.isEmpty && waiting.wakeAt == .start.adding(1800))
        let next = Self.plan(firing, after: 1800, made: first).requests
        #expect(next.map { $0.spec.deliver?.first?.to } == [["lead@example.com"]])
        let later = Self.plan(firing, after: 1801, made: first + next.map(\.name))
        #expect(later.requests.isEmpty && later.wakeAt == .start.adding(7200))
    }

    @Test(arguments: [(ended: Int64?.some(600), after: Int64(1800)), (ended: nil, after: 6 * 3600)])
    func endedOrForgottenAlertClimbsNoFurther(ended: Int64?, after: Int64) throws {
        let trigger = ReportTrigger.fixture(escalation: ["30m"], alerts: [.fixture(ended: ended)])
        let first = Self.plan(trigger).requests.map(\.name)
        let plan = Self.plan(trigger, after: after, made: first)
        #expect(plan.requests.isEmpty && plan.wakeAt == nil)
        let status = try #require(plan.status)
        #expect(status.firing == 0)
    }

    @Test func firingThatEndedBeforeItWasSeenIsReportedAllTheSame() {
        #expect(Self.plan(.fixture(alerts: [.fixture(ended: 5)]), after: 10).requests.count == 1)
    }

    @Test func alertThatIsForgottenIsNotReportedLate() {
        #expect(Self.plan(.fixture(staleAfter: "2h", alerts: [.fixture()]), after: 7200).isEmpty == false)
        #expect(Self.plan(.fixture(staleAfter: "2h", alerts: [.fixture()]), after: 7200).requests.isEmpty)
    }

    @Test func absentLabelIsOneConditionAndKeepsNoOtherAlertBack() throws {
        let alerts = [ReportTriggerStatus.Alert.fixture(labels: [:]), .fixture("b2"), .fixture("c3", labels: [:])]
        let trigger = ReportTrigger.fixture(alerts: alerts)
        let plan = Self.plan(trigger)
        #expect(plan.requests.map(\.spec.parameters) == [["machine": "press-4"]])
        let ready = try Self.ready(Self.plan(trigger, made: plan.requests.map(\.name)))
        #expect(ready.status == "False" && ready.reason == Reason.placeholderMissing)
        #expect(
            ready.message
                == #"alert a1 has no label "machine", which spec.request.parameters.machine stands for; "#
                + "add it to the alert's rule, or take the placeholder out; no report of that alert is created until this is "
                + "fixed; the same or the like holds for 1 more")
    }

    @Test func labelThatIsNoValueOfTheParameterIsOneCondition() throws {
        let plan = Self.plan(.fixture(alerts: [.fixture(labels: ["machine": "press-4-of-line-12"])]))
        #expect(plan.requests.isEmpty)
        let ready = try Self.ready(plan)
        #expect(ready.reason == Reason.invalidParameters)
        #expect(ready.message.hasPrefix("of alert a1 spec.request.parameters.machine: "), "\(ready.message)")
    }

    @Test(arguments: [
        ("{machine}", #""{machine}" is unknown"#), ("{label:machine", #""{label:machine" is not closed"#),
        ("{label:}", #""{label:}" is unknown"#),
    ])
    func badTemplateIsReportedBeforeAnyAlertComes(text: String, fault: String) throws {
        let ready = try Self.ready(Self.plan(.fixture(parameters: ["machine": .string(text)])))
        #expect(ready.reason == Reason.invalidSpec)
        #expect(ready.message.hasPrefix("spec.request.parameters.machine: \(fault)"), "\(ready.message)")
    }

    @Test func whatThePipelineDoesNotTakeIsReportedBeforeAnyAlertComes() throws {
        let parameters: JSONObject = ["machine": "{label:machine}", "plant": "north", "line": "{label:line}"]
        let ready = try Self.ready(Self.plan(.fixture(parameters: parameters)))
        #expect(ready.reason == Reason.invalidParameters)
        for name in ["plant", "line"] {
            #expect(ready.message.contains("spec.request.parameters.\(name): is unknown"), "\(ready.message)")
        }
        #expect(!ready.message.contains("parameters.machine"))
        let none = try Self.ready(Self.plan(.fixture(parameters: [:])))
        #expect(none.message.hasPrefix("spec.request.parameters.machine: is required"), "\(none.message)")
    }

    @Test func missingOrBrokenPipelineHoldsRequestsBackAndSaysWhatToDo() throws {
        let trigger = ReportTrigger.fixture(alerts: [.fixture()])
        let missing = Self.plan(trigger, pipeline: .missing)
        #expect(missing.requests.isEmpty)
        #expect(try Self.ready(missing).reason == Reason.pipelineNotFound)
        #expect(
            try Self.ready(missing).message.hasPrefix(
                #"there is no ReportPipeline "mttr" in namespace plant; create it"#))
        let broken = ReportPipeline.fixture("mttr", .chain("a").concurrency(limit: 0))
        #expect(
            try Self.ready(Self.plan(trigger, pipeline: .found(broken, zoneFault: nil))).reason
                == Reason.pipelineNotReady)
        #expect(Self.plan(trigger, pipeline: .unknown).requests.count == 1, "the request itself is judged then")
    }

    @Test func valuesOfLabelsAreNoTemplates() throws {
        let trigger = ReportTrigger.fixture(
            parameters: ["machine": "{{x}: {label:machine}", "all": ["{annotation:summary}", 3, "{{"]],
            alerts: [.fixture(labels: ["machine": "{label:b}"], annotations: ["summary": "stops"])])
        let request = try #require(Self.plan(trigger, pipeline: .unknown).requests.first)
        #expect(request.spec.parameters == ["machine": "{x}: {label:b}", "all": ["stops", 3, "{"]])
    }

    @Test func stepsThatDoNotClimbAndTimesThatDoNotFitAreFaults() throws {
        let steps = try Self.ready(Self.plan(.fixture(escalation: ["30m", "30m"])))
        #expect(steps.message.contains("spec.escalation[1].after"))
        let times = try Self.ready(Self.plan(.fixture(cooldown: "6h", staleAfter: "6h")))
        #expect(times.message.contains("spec.staleAfter"))
        #expect(try Self.ready(Self.plan(.fixture(cooldown: "6h"))).isTrue)
        let match = try Self.ready(Self.plan(.fixture(labels: [:])))
        #expect(match.message.contains("spec.match.labels"))
    }

    @Test func setbackOfOneRequestKeepsNoOtherBack() throws {
        let trigger = ReportTrigger.fixture(alerts: [.fixture(), .fixture("b2")])
        let names = Self.plan(trigger).requests.map(\.name)
        let refused = Self.plan(trigger, setbacks: [names[0]: .refused("too long")])
        #expect(refused.requests.map(\.name) == [names[1]])
        let told = Self.plan(trigger, made: [names[1]], setbacks: [names[0]: .postponed("exceeded quota")])
        #expect(told.retries.map(\.name) == [names[0]])
        let ready = try Self.ready(told)
        #expect(ready.reason == Reason.requestNotCreated && ready.message.contains("exceeded quota"))
    }

    @Test func triggerThatGoesAwayMakesNothing() {
        var trigger = ReportTrigger.fixture(alerts: [.fixture()])
        trigger.metadata.deletionTimestamp = .start
        #expect(Self.plan(trigger).isEmpty)
    }

    @Test func noRoomForMoreAlertsIsACondition() throws {
        let alerts = (0..<ReportTriggerStatus.maximumAlerts).map { ReportTriggerStatus.Alert.fixture("\($0)") }
        let trigger = ReportTrigger.fixture(alerts: alerts)
        let names = Self.plan(trigger).requests.map(\.name)
        #expect(names.count == alerts.count)
        #expect(try Self.ready(Self.plan(trigger, made: names)).reason == Reason.tooManyAlerts)
        #expect(try Self.ready(Self.plan(trigger, after: 6 * 3600, made: names)).isTrue, "there is room again")
    }
}
