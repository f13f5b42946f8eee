import Foundation
import JSONReading
import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import ReportStores
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// What texts of others cost, wherever they come to be compared: linear in their bytes. Swift brings texts into Unicode's
/// normal form for that, at the square of the cost where accents of two classes follow each other.
@Suite(.serialized) struct ForeignTextCostTests {
    private static func read<R: KubernetesResource>(_ type: R.Type, _ metadata: JSONValue) throws -> R {
        let object = JSONValue.object(["metadata": metadata, "spec": .object([:])])
        return try JSONReader().decode(type, from: object.jsonText)
    }

    private static func named(_ members: JSONObject) -> JSONValue {
        let named: JSONValue = .object(["name": .string("x"), "namespace": .string("a"), "uid": .string("t-1")])
        return named.merging(.object(members))
    }

    private static func parameter(_ kind: ParameterSpec.Kind, _ allowed: [JSONValue]? = nil) -> ParameterSpec {
        var parameter = ParameterSpec(name: "p", type: kind)
        parameter.enum = allowed
        return parameter
    }

    private static func message(_ name: String, _ value: String) -> IntakeMessage {
        IntakeMessage(
            entry: "1-0", fields: [.init("id", "x"), .init("pipeline", "tb"), .init(name, value)])
    }

    private static let uses: [(String, @Sendable (String) throws -> Void)] = [
        (
            "a parameter of each kind",
            { text in
                for kind in [ParameterSpec.Kind.string, .integer, .number, .boolean, .date, .month] {
                    _ = ParameterCheck.resolve(["p": .string(text)], declared: [parameter(kind)])
                }
            }
        ),
        (
            "a parameter that has to be one of some",
            { text in
                let allowed: [JSONValue] = [.string("t"), .string(swapped(text))]
                _ = ParameterCheck.resolve(["p": .string(text)], declared: [parameter(.string, allowed)])
                var pipeline = PipelineSpec.chain("one")
                pipeline.parameters = [parameter(.string, allowed)]
                pipeline.parameters?[0].default = .string(text)
                _ = PipelineCheck.faults(in: pipeline, at: "spec")
            }
        ),
        (
            "a container's name and a variable's in a pod template",
            { text in
                let containers: JSONValue = .array([
                    .object(["name": .string("s" + text)]),
                    .object([
                        "name": .string("stage"), "env": .array([.object(["name": .string("R" + text)])]),
                    ]),
                ])
                var pipeline = PipelineSpec.chain("one")
                pipeline.stages[0].podTemplate = .object(["spec": .object(["containers": containers])])
                _ = PipelineCheck.faults(in: pipeline, at: "spec")
                _ = StageJob.manifest(
                    request: .fixture(), run: AcceptedRun(name: "x", pipeline: pipeline, parameters: [:]),
                    stage: pipeline.stages[0], attempt: 1)
            }
        ),
        ("a schedule's parameter", { _ = try? TemplateText($0 + "{" + $0 + "}") }),
        (
            "the mark of a request",
            { text in
                let request = try read(
                    ReportRequest.self,
                    named(["annotations": .strings([ReportsAPI.Annotation.acceptedUID: text])]))
                let store = ClusterCache().requests
                store.observe(request)
                #expect(!request.isRestored && request.reportID == request.metadata.uid)
            }
        ),
        (
            "a pod's owner",
            { text in
                let owner: JSONValue = .object([
                    "apiVersion": .string("batch/v1"), "kind": .string("Job"), "name": .string(text),
                    "uid": .string(text), "controller": .bool(true),
                ])
                let pods = ClusterCache().pods
                pods.observe(try read(Pod.self, named(["ownerReferences": .array([owner])])))
            }
        ),
        (
            "what a tick says of its request",
            { text in
                let annotations = [
                    ReportsAPI.Annotation.requestUID: text, ReportsAPI.Annotation.request: text,
                    "cronjob.kubernetes.io/instantiate": "m" + text,
                ]
                let ticks = ScheduleCache(requests: ClusterCache().requests).ticks
                ticks.observe(try read(Tick.self, named(["annotations": .strings(annotations)])))
            }
        ),
        (
            "a line of a stage's log",
            { text in
                let line = "2026-11-28T09:00:00.000000000Z " + text
                #expect(PodLog.End(line: line) == PodLog.End(line: line))
                let reading = PodLog.Reading()
                reading.take(line)
                #expect(reading.read.lines.text == text + "\n")
            }
        ),
        ("the name of a message's field", { _ = try? message($0, "x").request(defaultNamespace: "a") }),
        ("a message's address", { _ = try? message("email", $0 + "@x").request(defaultNamespace: "a") }),
        ("a message's formats", { _ = try? message("formats", "pdf," + $0).request(defaultNamespace: "a") }),
        (
            "a message beside the request of its name",
            { text in
                let request = ReportRequest.fixture().referring(to: "tb").parameters(["p": .string(text)])
                let manifest = JSONValue.object([
                    "spec": .object([
                        "pipelineRef": .strings(["name": "tb"]), "parameters": .strings(["p": swapped(text)]),
                    ])
                ])
                #expect(!request.asksTheSame(as: manifest))
            }
        ),
    ]

    /// Ends as "true" begins, and as a uid may.
    private static func text(_ accents: Int) -> String { "t" + String(repeating: "\u{301}\u{323}", count: accents / 2) }

    /// The same in Unicode's normal form, and other bytes.
    private static func swapped(_ text: String) -> String {
        "t" + String(repeating: "\u{323}\u{301}", count: (text.utf8.count - 1) / 4)
    }

    /// The least of several, so that what else the machine does counts little.
    private func time(_ use: (String) throws -> Void, _ text: String) throws -> Duration {
        try (0..<3).map { _ in
            let start = ProcessorTime.ofThisThread
            try use(text)
            return ProcessorTime.ofThisThread - start
        }.min() ?? .zero
    }

    /// A square would make it sixteen times as long.
    @Test(arguments: uses.indices) func fourTimesTheAccentsTakeAboutFourTimesTheTime(index: Int) throws {
        let (name, use) = Self.uses[index]
        let (small, large) = (Self.text(4000), Self.text(16_000))
        let ratio = try time(use, large) / time(use, small)
        // Once more where something else came between.
        let isLinear = try ratio < 11 || time(use, large) / time(use, small) < 11
        #expect(isLinear, "\(name): \(ratio)")
    }

    @Test func textsAreTheSameByTheirBytes() {
        #expect("é".isSame(as: "é") && !"e\u{301}".isSame(as: "é") && "e\u{301}" == "é")
        #expect("".isSame(as: "") && !"a".isSame(as: "ab"))
    }
}
