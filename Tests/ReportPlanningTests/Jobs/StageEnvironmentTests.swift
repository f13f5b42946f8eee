import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct StageEnvironmentTests {
    static let nastyTexts = [
        "", "plain", "$", "$$", "$$$", "$(X)", "$(REPORT_ID)", "$$(REPORT_ID)", "$$$(REPORT_ID)", "$(", "$()", "a$",
        "100$ off", "quotes ' \" ` \\", "line\nbreak\r\n\ttab", "emoji 👩🏽‍🌾 $👩🏽‍🌾",
        "combining e\u{301} $\u{301} $$\u{301}(X)",
        "joined $\u{200D}(REPORT_ID) $\u{FE0F}$(REPORT_ID)", "é$é", "\u{301}$(REPORT_ID)\u{301}",
        "{{ .Values }} ${HOME} %s",
    ]

    @Test(arguments: nastyTexts)
    func valueArrivesByteForByte(text: String) throws {
        let run = AcceptedRun(
            name: "trial-balance", pipeline: .chain("a").parameters(.init(name: "text", type: .string)),
            parameters: ["text": text])
        let environment = try Self.arrived(run)
        #expect(environment["REPORT_PARAM_TEXT"] == Array(text.utf8))
        let json = Data(try #require(environment["REPORT_PARAMETERS"]))
        #expect(try JSONDecoder().decode([String: String].self, from: json) == ["text": text])
    }

    @Test(arguments: ["12345678901234567890.12", "9007199254740993", "0.1", "-1.50", "1e3", "7"])
    func aNumberKeepsEveryDigitInBothVariables(text: String) throws {
        let run = AcceptedRun(
            name: "trial-balance", pipeline: .chain("a").parameters(.init(name: "n", type: .number)),
            parameters: ["n": text])
        let environment = try Self.arrived(run)
        #expect(environment["REPORT_PARAM_N"] == Array(text.utf8))
        #expect(environment["REPORT_PARAMETERS"] == Array(#"{"n":\#(text)}"#.utf8))
    }

    @Test func everyStageFindsTheReportsVariablesInOrder() throws {
        let run = AcceptedRun(
            name: "trial-balance",
            pipeline: .chain("a").parameters(
                .init(name: "period", type: .month), .init(name: "top-n", type: .integer),
                .init(name: "ratio", type: .number), .init(name: "draft", type: .boolean)),
            parameters: ["period": "2026-10", "top-n": "5", "ratio": "0.5", "draft": "true"])
        let request = ReportRequest.fixture().referring(to: "trial-balance")
        let variables = StageEnvironment.variables(request: request, run: run, stage: "a", attempt: 2)
        #expect(
            variables.map { "\($0["name"]?.string ?? "")=\($0["value"]?.string ?? "")" } == [
                "REPORT_ID=5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11",
                "REPORT_NAME=tb-2026-10",
                "REPORT_NAMESPACE=finance",
                "REPORT_PIPELINE=trial-balance",
                "REPORT_STAGE=a",
                "REPORT_ATTEMPT=2",
                #"REPORT_PARAMETERS={"draft":true,"period":"2026-10","ratio":0.5,"top-n":5}"#,
                "REPORT_PARAM_DRAFT=true",
                "REPORT_PARAM_PERIOD=2026-10",
                "REPORT_PARAM_RATIO=0.5",
                "REPORT_PARAM_TOP_N=5",
            ])
    }

    @Test func aTraceGoesOnInEveryStage() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let request = ReportRequest.fixture().with { $0.traceParent = TraceParent(text) }
        let run = AcceptedRun(name: "a", pipeline: .chain("a", "b"), parameters: [:])
        for stage in ["a", "b"] {
            let variables = StageEnvironment.variables(request: request, run: run, stage: stage, attempt: 1)
            #expect(variables.contains(.object(["name": "TRACEPARENT", "value": .string(text)])))
        }
    }

    @Test(arguments: [
        ("period", "REPORT_PARAM_PERIOD"), ("company-code", "REPORT_PARAM_COMPANY_CODE"), ("a_b", "REPORT_PARAM_A_B"),
        ("Top10", "REPORT_PARAM_TOP10"),
    ])
    func parameterHasItsVariable(name: String, variable: String) {
        #expect(StageEnvironment.variable(for: name) == variable)
    }

    @Test func expansionInThisTestBehavesAsKubernetes() {
        let variables = ["X": "value"]
        let table = [
            ("$(X)", "value"), ("$$(X)", "$(X)"), ("$$$(X)", "$value"), ("$(Y)", "$(Y)"), ("$(X", "$(X"), ("$X", "$X"),
            ("$", "$"), ("$$", "$"), ("a$(X)b", "avalueb"), ("$()", "$()"),
        ]
        for (input, output) in table {
            #expect(Expansion.expand(input, variables) == Array(output.utf8), "\(input)")
        }
        #expect(Expansion.expand("$é") != Array("$é".utf8), "a lone dollar sign garbles what follows")
    }

    /// The variables as a process sees them, each expanded with those before it.
    private static func arrived(_ run: AcceptedRun) throws -> [String: [UInt8]] {
        var seen: [String: String] = [:]
        var arrived: [String: [UInt8]] = [:]
        for variable in StageEnvironment.variables(request: .fixture(), run: run, stage: "a", attempt: 1) {
            let name = try #require(variable["name"]?.string)
            let bytes = Expansion.expand(try #require(variable["value"]?.string), seen)
            arrived[name] = bytes
            seen[name] = String(decoding: bytes, as: UTF8.self)
        }
        return arrived
    }
}
