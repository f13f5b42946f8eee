import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import TestSupport
import Testing

@testable import ReportCTL

struct SubmissionTests {
    @Test func valuesAreWhatStandsBehindTheFirstSign() throws {
        let values = try SubmissionArguments.parameters(["period=2026-10", "query=a=b", "note="])
        #expect(values == ["period": .string("2026-10"), "query": .string("a=b"), "note": .string("")])
    }

    @Test func oneThatIsGivenSeveralTimesIsAList() throws {
        let values = try SubmissionArguments.parameters(["a=1", "b=x", "a=2", "a=3"])
        #expect(values == ["a": .strings(["1", "2", "3"]), "b": .string("x")])
        let outcome = ParameterCheck.resolve(
            values, declared: [.init(name: "a", type: .integer), .init(name: "b", type: .string)])
        guard case .faults(let faults) = outcome else {
            Issue.record("accepted")
            return
        }
        #expect(faults.map(SubmissionArguments.forCommandLine) == ["-p a: 3 values are given; it takes one"])
    }

    @Test(arguments: [["period"], ["=x"]])
    func whatIsNotAParameterIsSaid(texts: [String]) {
        #expect(throws: ValidationError.self) { try SubmissionArguments.parameters(texts) }
    }

    @Test func textIsReadAsEveryType() throws {
        let kinds: [(ParameterSpec.Kind, String)] = [
            (.integer, "42"), (.number, "12.5"), (.boolean, "true"), (.date, "2026-10-31"), (.month, "2026-10"),
        ]
        let given = try SubmissionArguments.parameters(kinds.map { "\($0.0.rawValue)=\($0.1)" })
        let declared = kinds.map { ParameterSpec(name: $0.0.rawValue, type: $0.0) }
        guard case .values(let values) = ParameterCheck.resolve(given, declared: declared) else {
            Issue.record("refused")
            return
        }
        #expect(values == Dictionary(uniqueKeysWithValues: kinds.map { ($0.0.rawValue, $0.1) }))
    }

    @Test(
        arguments: [
            ("Dana Reyes <dana@example.com>", "Dana Reyes", "dana@example.com"),
            ("dana@example.com", nil, "dana@example.com"),
            ("Dana Reyes", "Dana Reyes", nil), ("<dana@example.com>", nil, "dana@example.com"), (nil, "admin", nil),
        ] as [(String?, String?, String?)])
    func whoAsksIsANameOrAnAddress(text: String?, name: String?, email: String?) throws {
        var configuration = ClientConfiguration(server: "https://example.com")
        configuration.userName = "admin"
        #expect(
            try SubmissionArguments.requester(text, configuration: configuration)
                == ReportRequestSpec.Requester(name: name, email: email))
    }

    @Test func whoeverIsActedForAsks() throws {
        var configuration = ClientConfiguration(server: "https://example.com")
        configuration.userName = "admin"
        configuration.impersonation = .init(user: "dana", groups: [], extra: [:])
        #expect(try SubmissionArguments.requester(nil, configuration: configuration)?.name == "dana")
        #expect(throws: ValidationError.self) {
            try SubmissionArguments.requester("Dana <dana>", configuration: configuration)
        }
    }

    @Test func madeNamesAreNamesOfObjects() {
        let long = String(repeating: "a", count: 56) + "-" + String(repeating: "b", count: 200)
        for base in ["trial-balance", long] {
            let names = Set((0..<100).map { _ in Submission.uniqueName(base) })
            #expect(names.count > 90)
            #expect(names.allSatisfy { $0.count <= 63 && !$0.contains("--") && $0.hasPrefix(base.prefix(13)) })
        }
    }

    @Test func faultsAreWordedForTheCommandLine() {
        guard
            case .faults(let faults) = ParameterCheck.resolve(
                ["period": .string("2026-13")], declared: [ParameterSpec(name: "period", type: .month)])
        else {
            Issue.record("accepted")
            return
        }
        #expect(
            faults.map(SubmissionArguments.forCommandLine) == [
                "-p period: \"2026-13\" is not a month such as \"2026-10\""
            ])
    }
}

struct PipelineViewTests {
    private let pipeline = ReportPipeline.fixture(
        "trial-balance",
        .chain("extract", "load").parameters(
            ParameterSpec(name: "period", type: .month, title: "Period", required: true),
            ParameterSpec(
                name: "company", type: .string, default: .string("31"), enum: [.string("31"), .string("36")]),
            ParameterSpec(name: "top", type: .integer, multiple: true)
        ).concurrency(key: "erp", limit: 2, scope: .shared).timeout("4h"))

    @Test func parametersSayWhatIsNeeded() {
        let table = PipelineView.table([pipeline], now: .start, isWide: false, showsNamespace: false)
        #expect(table.lines()[1].rendered(color: false).contains("period=MONTH [company=31] [top=INTEGER…]"))
        #expect(PipelineView.example(pipeline) == "submit trial-balance -p period=2026-10")
    }

    @Test func detailsTellLimitsAndWhatIsAllowed() {
        let lines = PipelineView.details(pipeline).map { $0.rendered(color: false) }
        #expect(
            lines.contains { $0.hasPrefix("company     string              no         31        31, 36") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("top         integer (several)   no") }, "\(lines)")
        #expect(lines.contains("At most 2 at once of \"erp\", over all clusters."))
        #expect(lines.contains { $0.hasPrefix("load      extract") })
    }

    @Test func aFaultyPipelineSaysWhatIsWrong() {
        let cyclic = ReportPipeline.fixture("x", PipelineSpec(stages: [.fixture("a", after: ["a"])]))
        #expect(PipelineView.details(cyclic).contains { $0.rendered(color: false).contains("can't run: spec.stages") })
    }
}
