import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What a parameter says of its values beside their type.
struct ParameterBoundsTests {
    private static let count = ParameterSpec(name: "p", type: .integer, minimum: 1, maximum: 12)
    private static let rate = ParameterSpec(name: "p", type: .number, minimum: "0.5", maximum: 1.5)
    private static let day = ParameterSpec(name: "p", type: .date, minimum: "2026-01-01")
    private static let month = ParameterSpec(name: "p", type: .month, maximum: "2026-12")
    private static let code = ParameterSpec(
        name: "p", type: .string, pattern: "^[A-Z]{2}[0-9]+$", minLength: 4, maxLength: 6)

    @Test(
        arguments: [
            (count, 1, nil), (count, 12, nil), (count, "5", nil), (count, 0, "0 is less than the minimum, 1"),
            (count, 13, "13 is greater than the maximum, 12"), (count, "13", "\"13\" is greater than the maximum, 12"),
            (rate, 0.5, nil), (rate, 1.5, nil), (rate, "1.50", nil), (rate, 0.49, "0.49 is less than the minimum, 0.5"),
            (rate, 2, "2 is greater than the maximum, 1.5"), (rate, -1, "-1 is less than the minimum, 0.5"),
            (day, "2026-01-01", nil), (day, "2025-12-31", "\"2025-12-31\" is less than the minimum, 2026-01-01"),
            (month, "2026-12", nil), (month, "2027-01", "\"2027-01\" is greater than the maximum, 2026-12"),
            (code, "AB12", nil), (code, "AB1", "\"AB1\" has 3 characters; at least 4 are needed"),
            (code, "AB12345", "\"AB12345\" has 7 characters; at most 6 are allowed"),
            (code, "ABCD", "\"ABCD\" doesn't match ^[A-Z]{2}[0-9]+$"),
        ] as [(ParameterSpec, JSONValue, String?)])
    func aValueIsHeldAgainstThem(parameter: ParameterSpec, value: JSONValue, fault: String?) {
        switch ParameterCheck.resolve(["p": value], declared: [parameter]) {
        case .values: #expect(fault == nil)
        case .faults(let faults): #expect(faults == fault.map { ["spec.parameters.p: \($0)"] })
        }
    }

    @Test func theyHoldForEachOfSeveralValues() {
        var parameter = Self.count
        parameter.multiple = true
        let outcome = ParameterCheck.resolve(["p": [1, 13, 2, 0]], declared: [parameter])
        #expect(
            outcome
                == .faults([
                    "spec.parameters.p[1]: 13 is greater than the maximum, 12",
                    "spec.parameters.p[3]: 0 is less than the minimum, 1",
                ]))
    }

    /// A letter that is written as two counts as both.
    @Test func charactersAreCountedAsJavaScriptsSchemasDo() {
        let parameter = ParameterSpec(name: "p", type: .string, maxLength: 1)
        for (text, fits) in [("é", true), ("e\u{301}", false), ("🏭", true), ("", true)] {
            let outcome = ParameterCheck.resolve(["p": .string(text)], declared: [parameter])
            #expect((outcome == .values(["p": text])) == fits, "\(text)")
        }
    }

    @Test func aTextThatIsTooLongForAPatternIsSaidToBeSo() {
        let parameter = ParameterSpec(name: "p", type: .string, pattern: "a")
        let text = JSONValue.string(String(repeating: "a", count: 1025))
        guard case .faults(let faults) = ParameterCheck.resolve(["p": text], declared: [parameter]) else {
            return #expect(Bool(false))
        }
        #expect(faults.first?.hasSuffix("is 1025 bytes long; with a pattern at most 1024 are allowed") == true)
    }

    /// As much as a request may carry, against patterns as hostile as they may be.
    @Test func aHostileRequestIsJudgedSoon() {
        let declared = (0..<64).map { number in
            ParameterSpec(name: "p\(number)", type: .string, multiple: true, pattern: "^(([a-z])+.)+[A-Z]([a-z])+$")
        }
        let text = String(repeating: "a", count: 1000)
        let values = (0..<8).map { JSONValue.string("\($0)\(text)") }
        let given = JSONObject(declared.map { ($0.name, JSONValue.array(values)) })
        let begin = ProcessorTime.ofThisThread
        _ = ParameterCheck.resolve(given, declared: declared)
        #expect(ProcessorTime.ofThisThread - begin < .seconds(20), "seconds in a debug build, not years")
    }

    @Test(
        arguments: [
            (
                ParameterSpec(name: "p", type: .string, minimum: 1),
                "minimum: is for integer, number, date and month; this is a string"
            ),
            (ParameterSpec(name: "p", type: .integer, maximum: "x"), "maximum: \"x\" is not an integer such as 42"),
            (
                ParameterSpec(name: "p", type: .integer, minimum: 5, maximum: 4),
                "minimum: 5 is greater than the maximum, 4"
            ),
            (
                ParameterSpec(name: "p", type: .month, minimum: "2026-02", maximum: "2026-01"),
                "minimum: 2026-02 is greater"
            ),
            (ParameterSpec(name: "p", type: .integer, pattern: "a"), "pattern: is for string; this is a integer"),
            (ParameterSpec(name: "p", type: .date, minLength: 1), "minLength: is for string; this is a date"),
            (ParameterSpec(name: "p", type: .string, pattern: "(a"), "pattern: \"(a\" has a ( that is not closed"),
            (
                ParameterSpec(name: "p", type: .string, minLength: -1),
                "minLength: -1 is out of bounds; allowed are 0 to 65536"
            ),
            (
                ParameterSpec(name: "p", type: .string, minLength: 5, maxLength: 4),
                "minLength: 5 is greater than maxLength, 4"
            ),
            (
                ParameterSpec(name: "p", type: .integer, default: 5, maximum: 4),
                "default: 5 is greater than the maximum, 4"
            ),
            (
                ParameterSpec(name: "p", type: .integer, enum: [1, 9], maximum: 4),
                "enum: 9 is greater than the maximum, 4"
            ),
        ] as [(ParameterSpec, String)])
    func whatIsWrongWithThemIsWrongWithThePipeline(parameter: ParameterSpec, fault: String) {
        let faults = PipelineCheck.faults(in: .chain("a").parameters(parameter), at: "spec")
        #expect(faults.count == 1 && faults.first?.hasPrefix("spec.parameters[0].\(fault)") == true, "\(faults)")
    }
}
