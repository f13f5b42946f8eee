import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// `deliver` is checked where a spec is: before anything runs, with every fault named.
struct DeliverCheckTests {
    private static let pipeline = PipelineSpec.chain("extract").parameters(.init(name: "period", type: .month))

    struct Case: Sendable, CustomTestStringConvertible {
        var entry: DeliverSpec
        var field: String
        var part: String

        var testDescription: String { "\(field) \(part)" }
    }

    static let faulty = [
        Case(entry: DeliverSpec(channel: "Mail"), field: "channel", part: "\"Mail\" is not an object's name"),
        Case(
            entry: DeliverSpec(channel: "mail", to: ["Dana <dana@example.com>"]), field: "to[0]",
            part: "is not one plain address such as dana@example.com"),
        Case(
            entry: DeliverSpec(channel: "mail", formats: ["pdf", "doc"]), field: "formats[1]", part: "\"doc\" is not"),
        Case(entry: DeliverSpec(channel: "mail", subject: "For {month}"), field: "subject", part: "{period}"),
        Case(entry: DeliverSpec(channel: "mail", fileName: "a/b"), field: "fileName", part: "has a slash"),
    ]

    @Test(arguments: faulty) func faultOfARequestEndsItAndNamesFieldValueAndWhatIsAllowed(_ faulty: Case) throws {
        let request = ReportRequest.fixture(Self.pipeline)
            .spec { $0.deliver = [DeliverSpec(channel: "archive"), faulty.entry] }
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(plan.status?.reason == Reason.invalidSpec)
        let message = try #require(plan.status?.message)
        #expect(message.contains("spec.deliver[1].\(faulty.field): "))
        #expect(message.contains(faulty.part))
    }

    @Test(arguments: faulty) func faultOfAPipelineEndsItsRequests(_ faulty: Case) throws {
        let request = ReportRequest.fixture(Self.pipeline.with { $0.deliver = [faulty.entry] })
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(plan.status?.reason == Reason.invalidSpec)
        let message = try #require(plan.status?.message)
        #expect(message.contains("spec.pipeline.deliver[0].\(faulty.field): "))
    }

    @Test(arguments: faulty) func faultOfASchedulesTemplateIsNamedBeforeItTicks(_ faulty: Case) throws {
        for isPipelines in [false, true] {
            var pipeline = Self.pipeline
            var spec = ReportRequestSpec()
            if isPipelines { pipeline.deliver = [faulty.entry] } else { spec.deliver = [faulty.entry] }
            spec.pipeline = pipeline
            let faults = #expect(throws: ScheduleTemplate.Faults.self) {
                _ = try ScheduleTemplate(.init(spec: spec))
            }
            let field = isPipelines ? "spec.request.spec.pipeline.deliver[0]" : "spec.request.spec.deliver[0]"
            #expect(faults?.description.contains("\(field).\(faulty.field): ") == true)
        }
    }

    @Test func aListIsBoundedInEntriesAndInBytes() {
        let entry = DeliverSpec(channel: "mail")
        for (list, isAllowed) in [
            (Array(repeating: entry, count: 16), true), (Array(repeating: entry, count: 17), false),
            (
                Array(repeating: DeliverSpec(channel: "mail", text: String(repeating: "x", count: 4096)), count: 15),
                true
            ),
            (
                Array(repeating: DeliverSpec(channel: "mail", text: String(repeating: "ä", count: 4096)), count: 8),
                false
            ),
        ] {
            let request = ReportRequest.fixture(Self.pipeline).spec { $0.deliver = list }
            let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
            #expect((plan.status?.reason != Reason.invalidSpec) == isAllowed)
            if !isAllowed { #expect(plan.status?.message?.contains("spec.deliver: ") == true) }
        }
    }

    @Test func whatIsSoundIsAccepted() {
        let entry = DeliverSpec(
            channel: "mail", to: ["dana@example.com"], formats: ["pdf"], when: .always, subject: "{pipeline} {period}")
        let request = ReportRequest.fixture(Self.pipeline.with { $0.deliver = [entry] }).spec { $0.deliver = [entry] }
        #expect(RunPlanner.plan(ObservedRun(request: request), now: .start).status?.phase == .running)
    }
}
