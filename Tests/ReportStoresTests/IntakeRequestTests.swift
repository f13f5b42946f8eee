import KubernetesModel
import ReportAPI
import ReportStores
import TestSupport
import Testing

/// What a message of the stream asks for, as a manifest, or why it can't be one.
@Suite struct IntakeRequestTests {
    @Test func everyFieldFindsItsPlace() throws {
        let manifest = try message(
            ("id", "tb-2026-10"), ("namespace", "finance"), ("pipeline", "trial-balance"),
            ("parameters", #"{"period":"2026-10","count":3}"#), ("requester", "Dana Reyes"),
            ("email", "dana@example.com"), ("formats", "pdf, xlsx"), ("priority", "-5"),
            ("ttlSecondsAfterFinished", "604800")
        ).request(defaultNamespace: "reports")
        #expect(
            manifest
                == .object([
                    "apiVersion": .string("reports.ers.dev/v1"), "kind": .string("ReportRequest"),
                    "metadata": .object([
                        "name": .string("tb-2026-10"), "namespace": .string("finance"),
                        "labels": .strings(["reports.ers.dev/intake": "redis"]),
                        "annotations": .strings(["reports.ers.dev/stream-entry": "17-0"]),
                    ]),
                    "spec": .object([
                        "pipelineRef": .strings(["name": "trial-balance"]),
                        "parameters": .object(["period": .string("2026-10"), "count": .integer(3)]),
                        "requester": .strings(["name": "Dana Reyes", "email": "dana@example.com"]),
                        "output": .object(["formats": .strings(["pdf", "xlsx"])]),
                        "priority": .integer(-5), "ttlSecondsAfterFinished": .integer(604800),
                    ]),
                ]))
    }

    @Test func leastMessageIsAnIdAndAPipeline() throws {
        let manifest = try message(("id", "a.b-c"), ("pipeline", "daily")).request(defaultNamespace: "reports")
        #expect(manifest["metadata"]?["namespace"] == .string("reports"))
        #expect(manifest["spec"] == .object(["pipelineRef": .strings(["name": "daily"])]))
    }

    @Test func wholeSpecIsTakenAsItIs() throws {
        let text = #"{"pipelineRef":{"name":"daily"},"priority":3}"#
        let manifest = try message(("id", "a"), ("spec", text)).request(defaultNamespace: "reports")
        #expect(
            manifest["spec"] == .object(["pipelineRef": .strings(["name": "daily"]), "priority": .integer(3)]))
    }

    /// As JSON it is a number of the message; the API server would round it.
    @Test(arguments: [
        ("parameters", #"{"n":12345678901234567890.12,"m":9007199254740993}"#),
        (
            "spec",
            #"{"pipelineRef":{"name":"daily"},"parameters":{"n":12345678901234567890.12,"m":9007199254740993}}"#
        ),
    ])
    func aNumberOfManyDigitsTravelsAsText(field: String, text: String) throws {
        let message =
            field == "spec"
            ? message(("id", "a"), (field, text)) : message(("id", "a"), ("pipeline", "daily"), (field, text))
        let manifest = try message.request(defaultNamespace: "reports")
        #expect(
            manifest["spec"]?["parameters"]
                == .object(["n": .string("12345678901234567890.12"), "m": .integer(9_007_199_254_740_993)]))
    }

    @Test func whatIsNestedTooDeepIsRefusedWithItsName() throws {
        let deep = String(repeating: #"{"a":"#, count: 480) + "1" + String(repeating: "}", count: 480)
        let error = #expect(throws: IntakeFault.self) {
            try message(("id", "a"), ("pipeline", "daily"), ("parameters", #"{"p":[\#(deep),\#(deep)]}"#))
                .request(defaultNamespace: "reports")
        }
        #expect(error?.description == "parameters.p: is nested 481 levels deep; at most 64 are allowed")
    }

    static let faults: [(fields: [(String, String)], reason: String)] = [
        ([], "id: is required"),
        ([("id", "")], "id: \"\" is not a name"),
        ([("id", "Upper")], "id: \"Upper\" is not a name"),
        ([("id", "a..b")], "id: \"a..b\" is not a name"),
        ([("id", "-a")], "id: \"-a\" is not a name"),
        ([("id", "a/../b")], "id: \"a/../b\" is not a name"),
        ([("id", String(repeating: "a", count: 254))], "of at most 253 characters"),
        ([("id", "a"), ("namespace", "b.c")], "namespace: \"b.c\" is not a name"),
        ([("id", "a"), ("namespace", String(repeating: "a", count: 64))], "of at most 63 characters"),
        ([("id", "a")], "pipeline: is required"),
        ([("id", "a"), ("pipeline", "B")], "pipeline: \"B\" is not a name"),
        ([("id", "a"), ("id", "b")], "id: is in the message twice"),
        ([("id", "a"), ("pipline", "b")], "\"pipline\": is unknown; known are id, namespace, pipeline"),
        ([("id", "a"), ("pipeline", "b"), ("parameters", "[1]")], "parameters: \"[1]\" is not a JSON object"),
        ([("id", "a"), ("pipeline", "b"), ("parameters", "{")], "parameters: \"{\" is not a JSON object"),
        ([("id", "a"), ("pipeline", "b"), ("formats", "pdf,doc")], "formats: \"doc\" is not one of pdf, xlsx"),
        ([("id", "a"), ("pipeline", "b"), ("formats", "pdf,pdf")], "formats: \"pdf,pdf\" names one twice"),
        ([("id", "a"), ("pipeline", "b"), ("formats", "")], "formats: \"\" is not one of"),
        (
            [("id", "a"), ("pipeline", "b"), ("priority", "1001")],
            "priority: \"1001\" is not a whole number from -1000"
        ),
        ([("id", "a"), ("pipeline", "b"), ("priority", "high")], "priority: \"high\" is not a whole number"),
        (
            [("id", "a"), ("pipeline", "b"), ("ttlSecondsAfterFinished", "-1")],
            "ttlSecondsAfterFinished: \"-1\" is not"
        ),
        ([("id", "a"), ("pipeline", "b"), ("email", "dana")], "email: \"dana\" is not an address"),
        ([("id", "a"), ("pipeline", "b"), ("requester", "")], "requester: \"\" is not a name"),
        ([("id", "a"), ("pipeline", "b"), ("spec", "{}")], "spec: excludes pipeline"),
        ([("id", "a"), ("spec", "{}")], "spec: exactly one of pipelineRef and pipeline"),
        ([("id", "a"), ("spec", #"{"pipelineref":{}}"#)], "spec.\"pipelineref\": is unknown"),
        ([("id", "a"), ("spec", #"{"pipelineRef":{"name":7}}"#)], "spec.pipelineRef.name: expected a string"),
        (
            [("id", "a"), ("pipeline", "b"), ("requester", String(repeating: "x", count: 300_000))],
            "at most 262144 are allowed"
        ),
    ]

    @Test(arguments: faults.indices)
    func faultIsNamedWithItsFieldAndWhatIsAllowed(index: Int) {
        let (fields, reason) = Self.faults[index]
        let message = IntakeMessage(entry: "17-0", fields: fields.map { .init($0.0, $0.1) })
        let fault = #expect(throws: IntakeFault.self) { try message.request(defaultNamespace: "reports") }
        #expect(fault?.description.contains(reason) == true, "\(fault?.description ?? "")")
        #expect(fault?.description.utf8.count ?? 0 < 400)
    }

    @Test func aPipelineInAMessageIsTakenOnlyWhereThatIsSwitchedOn() throws {
        let text = #"{"pipeline":{"stages":[{"name":"one","image":"a"}]}}"#
        let asked = message(("id", "a"), ("spec", text))
        let fault = #expect(throws: IntakeFault.self) { try asked.request(defaultNamespace: "reports") }
        #expect(
            fault?.description.hasPrefix("spec.pipeline: a message may name a pipeline but not bring one;") == true)
        let manifest = try asked.request(defaultNamespace: "reports", allowsInlinePipelines: true)
        #expect(manifest["spec"]?["pipeline"]?["stages"]?.array?.count == 1)
    }

    @Test func moreFieldsThanThereAreNamesAreTooMany() {
        let asked = IntakeMessage(entry: "1-0", fields: (0..<65).map { .init("\($0)", "") })
        #expect(asked.excess?.description == "the message has 65 fields; at most 64 are allowed")
        #expect(IntakeMessage(entry: "1-0", fields: Array(asked.fields.dropLast())).excess == nil)
    }

    @Test func bytesThatAreNoTextAreAFault() {
        let message = IntakeMessage(
            entry: "17-0", fields: [.init("id", "a"), .init(name: Array("pipeline".utf8), value: [0xff, 0xfe])])
        let fault = #expect(throws: IntakeFault.self) { try message.request(defaultNamespace: "reports") }
        #expect(fault?.description == "pipeline: is not valid UTF-8")
    }

    private func message(_ fields: (String, String)...) -> IntakeMessage {
        IntakeMessage(entry: "17-0", fields: fields.map { .init($0.0, $0.1) })
    }
}
