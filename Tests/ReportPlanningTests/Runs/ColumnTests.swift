import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What `kubectl get` shows of a run besides its phase.
struct ColumnTests {
    private func request(_ declared: [ParameterSpec], _ given: JSONObject) -> ReportRequest {
        var pipeline = PipelineSpec.chain("a")
        pipeline.parameters = declared
        return ReportRequest.fixture(pipeline).parameters(given)
    }

    private func columns(_ declared: [ParameterSpec], _ given: JSONObject) -> [String?] {
        let status = RunPlanner.plan(ObservedRun(request: request(declared, given)), now: .start).status
        return [status?.period, status?.parameterSummary]
    }

    @Test func parametersAreInThePipelinesOrderWithTheirDefaultsAndAllValues() {
        let declared = [
            ParameterSpec(name: "plant", type: .string), .init(name: "companies", type: .string, multiple: true),
            .init(name: "until", type: .month), .init(name: "draft", type: .boolean, default: .bool(false)),
        ]
        let given: JSONObject = [
            "until": .string("2026-10"), "plant": .string("north"), "companies": .strings(["4711", "4712"]),
        ]
        #expect(
            columns(declared, given)
                == ["2026-10", "plant=north, companies=4711,4712, until=2026-10, draft=false"])
    }

    static let periods: [([ParameterSpec], JSONObject, String?)] = [
        ([.init(name: "day", type: .date), .init(name: "m", type: .month)], ["m": .string("2026-10")], "2026-10"),
        (
            [.init(name: "day", type: .date), .init(name: "m", type: .month)],
            ["day": .string("2026-10-31"), "m": .string("2026-10")], "2026-10-31"
        ),
        (
            [.init(name: "plant", type: .string), .init(name: "Year", type: .integer)],
            ["plant": .string("north"), "Year": .integer(2026)], "2026"
        ),
        ([.init(name: "plant", type: .string)], ["plant": .string("north")], nil),
        ([.init(name: "months", type: .month, multiple: true)], ["months": .strings(["2026-10"])], nil),
        ([], [:], nil),
    ]

    @Test(arguments: periods)
    func thePeriodIsTheFirstParameterThatIsOne(
        declared: [ParameterSpec], given: JSONObject, period: String?
    ) {
        #expect(columns(declared, given).first == period)
    }

    @Test func whateverIsGivenTakesLittleRoomAndOneLine() {
        let declared = (0..<50).map { ParameterSpec(name: "p\($0)", type: .string) }
        let given = JSONObject(declared.map { ($0.name, .string("a\nb" + String(repeating: "ü", count: 900))) })
        for request in [request(declared, given), ReportRequest.fixture().referring(to: "nope").parameters(given)] {
            let summary = RunPlanner.plan(ObservedRun(request: request), now: .start).status?.parameterSummary ?? ""
            #expect(summary.hasPrefix("p0=a b"))
            #expect(summary.utf8.count <= 120 && summary.hasSuffix("…"))
        }
    }

    @Test func aRefusedRequestShowsWhatItAskedFor() {
        let plan = RunPlanner.plan(
            ObservedRun(request: request([], ["period": .string("2026-10")])), now: .start)
        #expect(plan.status?.reason == Reason.invalidSpec)
        #expect(plan.status?.parameterSummary == "period=2026-10")
    }

    /// One that an earlier release has ended stays as it is: nothing is written for a column alone.
    @Test func whatIsOverIsNotWrittenAnew() {
        let over = request([.init(name: "m", type: .month)], ["m": .string("2026-10")]).started().ended(.succeeded)
            .status {
                $0.period = nil
                $0.parameterSummary = nil
            }
        #expect(RunPlanner.plan(ObservedRun(request: over), now: .start.after(5)).status?.period == nil)
    }

    // MARK: Stages

    static let job = Job.fixture(of: WaitingTests.request, stage: "a")

    private func pulling(_ reason: String) -> Pod {
        Pod.fixture(of: WaitingTests.request, stage: "a").with {
            $0.status = Pod.Status(
                phase: "Pending",
                containerStatuses: [.init(name: "stage", image: "i", state: .init(waiting: .init(reason: reason)))])
        }
    }

    @Test func aStageThatCannotStartSaysWhyUntilItRuns() {
        let stuck = WaitingTests.plan([pulling("ErrImagePull")], after: 10)
        #expect(stuck.status?.stage == "1/1 a: ImagePullBackOff")
        let told = WaitingTests.request.applying(stuck)
        let running = WaitingTests.plan([Pod.fixture(of: told, stage: "a").running()], of: told, after: 20)
        #expect(running.status?.stage == "1/1 a")
    }

    @Test func ofSeveralTheOneThatCannotStartIsNamed() {
        let request = ReportRequest.fixture(.diamond).running("check-a", "check-b", succeeded: ["extract"]).status {
            $0.stages?[2].reason = "Unschedulable"
            $0.stages?[2].message = "Unschedulable: 0/3 nodes are available"
        }
        let jobs = ["check-a", "check-b"].map { Job.fixture(of: request, stage: $0) }
        let gated = Pod.fixture(of: request, stage: "check-b").with { $0.status = .init(phase: "Pending") }
            .unschedulable()
        let pods = [Pod.fixture(of: request, stage: "check-a").running(), gated]
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: jobs, pods: pods), now: .start.after(30))
        #expect(plan.status?.stage == "2/4 check-b: Unschedulable +1")
    }

    @Test func aStageWhoseJobIsNotTakenSaysSo() {
        let request = ReportRequest.fixture(.chain("a", "b")).started()
        let postponed = [request.jobName("a"): ObservedRun.Setback.postponed("exceeded quota")]
        let plan = RunPlanner.plan(ObservedRun(request: request, setbacks: postponed), now: .start)
        #expect(plan.status?.reason == Reason.jobNotCreated)
        #expect(plan.status?.stage == "1/2 JobNotCreated")
    }
}
