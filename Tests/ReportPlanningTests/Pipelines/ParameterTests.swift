import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct ParameterTests {
    typealias Kind = ParameterSpec.Kind

    static let good: [(Kind, JSONValue, String)] = [
        (.string, .string(""), ""), (.string, .string("Ä 👩🏽‍🌾 e\u{301}"), "Ä 👩🏽‍🌾 e\u{301}"),
        (.string, .string("$(X)\n"), "$(X)\n"),
        (.integer, .integer(42), "42"), (.integer, .integer(-1), "-1"), (.integer, .string("42"), "42"),
        (.integer, .number(5), "5"), (.integer, .integer(.max), "9223372036854775807"),
        (.number, .number(12.5), "12.5"), (.number, .integer(3), "3"), (.number, .string("1e3"), "1e3"),
        (.number, .string("-0.25"), "-0.25"), (.number, .number(1e300), "1e+300"),
        (.number, .string("12345678901234567890.12"), "12345678901234567890.12"),
        (.number, .decimal("12345678901234567890.12"), "12345678901234567890.12"),
        (.number, .integer(9_007_199_254_740_993), "9007199254740993"),
        (.boolean, .bool(true), "true"), (.boolean, .string("false"), "false"),
        (.date, .string("2024-02-29"), "2024-02-29"), (.date, .string("2000-02-29"), "2000-02-29"),
        (.month, .string("2026-10"), "2026-10"),
    ]

    @Test(arguments: good) func goodValueIsTakenAsText(kind: Kind, value: JSONValue, text: String) {
        #expect(resolve(["p": value], [.init(name: "p", type: kind)]) == .values(["p": text]))
    }

    static let bad: [(Kind, JSONValue, String)] = [
        (.string, .integer(310507), "310507 is not a string (quote it in YAML)"),
        (.string, .null, "null is not a string (quote it in YAML)"),
        (
            .string, .string("a\u{0}b"),
            "has a NUL byte (at byte 1), which no environment variable can hold; take it out"
        ),
        (.integer, .string("4.5"), "\"4.5\" is not an integer such as 42"),
        (.integer, .number(4.5), "4.5 is not an integer such as 42"),
        (.integer, .string("007"), "\"007\" is not an integer such as 42"),
        (.integer, .string("+5"), "\"+5\" is not an integer such as 42"),
        (.integer, .string("٤٢"), "\"٤٢\" is not an integer such as 42"),
        (.integer, .string("９"), "\"９\" is not an integer such as 42"),
        (.integer, .string("5\u{301}"), "\"5\u{301}\" is not an integer such as 42"),
        (.integer, .string("9223372036854775808"), "\"9223372036854775808\" is not an integer such as 42"),
        (.integer, .bool(true), "true is not an integer such as 42"),
        (.number, .string("nan"), "\"nan\" is not a number such as 12.5"),
        (.number, .string("1e400"), "\"1e400\" is not a number such as 12.5"),
        (.number, .string("1,5"), "\"1,5\" is not a number such as 12.5"),
        (.number, .string(""), "\"\" is not a number such as 12.5"),
        (.boolean, .string("yes"), "\"yes\" is not true or false"),
        (.boolean, .integer(1), "1 is not true or false"),
        (.date, .string("2026-02-29"), "\"2026-02-29\" is not a date such as \"2026-10-31\" (quote it in YAML)"),
        (.date, .string("1900-02-29"), "\"1900-02-29\" is not a date such as \"2026-10-31\" (quote it in YAML)"),
        (
            .date, .string("2026-10-31T00:00:00Z"),
            "\"2026-10-31T00:00:00Z\" is not a date such as \"2026-10-31\" (quote it in YAML)"
        ),
        (.date, .string("2026-04-31"), "\"2026-04-31\" is not a date such as \"2026-10-31\" (quote it in YAML)"),
        (.month, .string("2026-13"), "\"2026-13\" is not a month such as \"2026-10\" (quote it in YAML)"),
        (.month, .string("2026-00"), "\"2026-00\" is not a month such as \"2026-10\" (quote it in YAML)"),
        (.month, .string("2026-1"), "\"2026-1\" is not a month such as \"2026-10\" (quote it in YAML)"),
        (.month, .array([.null, .null]), "2 values are given as a list; it takes one"),
        (.month, .object([:]), "an object is not a month such as \"2026-10\" (quote it in YAML)"),
        (
            .string, .string("é\u{0}"),
            "has a NUL byte (at byte 2), which no environment variable can hold; take it out"
        ),
        (.integer, .decimal("9223372036854775808"), "9223372036854775808 is not an integer such as 42"),
        (.number, .decimal("1e400"), "1e400 is not a number such as 12.5"),
    ]

    @Test(arguments: bad) func badValueIsNamedWithWhatIsAllowed(kind: Kind, value: JSONValue, fault: String) {
        let outcome = resolve(["p": value], [.init(name: "p", type: kind)])
        #expect(outcome == .faults(["spec.parameters.p: \(fault)"]))
    }

    @Test func defaultStandsInForWhatIsNotGiven() {
        let declared: [ParameterSpec] = [
            .init(name: "company", type: .string, default: .string("310507")), .init(name: "note", type: .string),
        ]
        #expect(resolve([:], declared) == .values(["company": "310507"]))
        #expect(resolve(["company": .string("306766")], declared) == .values(["company": "306766"]))
    }

    @Test func everyFaultIsNamedAtOnce() {
        let declared: [ParameterSpec] = [
            .init(name: "period", type: .month, required: true), .init(name: "top", type: .integer),
            .init(name: "company", type: .string, enum: [.string("a"), .string("b")]),
        ]
        let outcome = resolve(
            ["top": .string("x"), "company": .string("c"), "zeta": .null, "extra": .string("")], declared)
        #expect(
            outcome
                == .faults([
                    "spec.parameters.period: is required and must be a month such as \"2026-10\" (quote it in YAML)",
                    "spec.parameters.top: \"x\" is not an integer such as 42",
                    "spec.parameters.company: \"c\" is not one of a, b",
                    "spec.parameters.extra: is unknown; the pipeline takes period, top, company",
                    "spec.parameters.zeta: is unknown; the pipeline takes period, top, company",
                ]))
        #expect(
            resolve(["x": .null], []) == .faults(["spec.parameters.x: is unknown; the pipeline takes none"]))
    }

    @Test func whatWouldNotBeSeenStandsInQuotes() {
        let declared: [ParameterSpec] = [
            .init(name: "p", type: .string, enum: [.string(""), .string("a, b"), .string("Köln-1"), .string("a")])
        ]
        #expect(
            resolve(["p": .string("v"), "": .null, "a b": .null], declared)
                == .faults([
                    #"spec.parameters.p: "v" is not one of "", "a, b", Köln-1, a"#,
                    #"spec.parameters."": is unknown; the pipeline takes p"#,
                    #"spec.parameters."a b": is unknown; the pipeline takes p"#,
                ]))
    }

    @Test func enumComparesValuesAndNotTheirSpelling() {
        let declared: [ParameterSpec] = [.init(name: "p", type: .integer, enum: [.integer(1), .string("2")])]
        #expect(resolve(["p": .string("1")], declared) == .values(["p": "1"]))
        #expect(resolve(["p": .integer(2)], declared) == .values(["p": "2"]))
        #expect(resolve(["p": .integer(3)], declared) == .faults(["spec.parameters.p: 3 is not one of 1, 2"]))
    }

    /// Linux takes at most 128 KiB for one variable, and REPORT_PARAMETERS holds them all as JSON.
    @Test(arguments: ["x", "\n", "\"", "\u{1}", "é", "👩🏽‍🌾", "/"])
    func parametersFitIntoOneVariable(unit: String) {
        let declared: [ParameterSpec] = [.init(name: "p", type: .string)]
        let text = String(repeating: unit, count: ParameterCheck.maximumBytes / unit.utf8.count - 1)
        guard case .values(let values) = resolve(["p": .string(text)], declared) else { return }
        let run = AcceptedRun(
            name: "trial-balance", pipeline: .chain("a").with { $0.parameters = declared }, parameters: values)
        let variables = StageEnvironment.variables(request: .fixture(), run: run, stage: "a", attempt: 1)
        for variable in variables {
            #expect(variable["value"]?.string?.utf8.count ?? 0 < 128 * 1024 - 64)
        }
    }

    /// One character of any number of bytes: a fault becomes a part of the status.
    @Test(arguments: [Kind.integer, .number, .boolean, .date, .month])
    func aCharacterOfManyBytesMakesNoLongFault(kind: Kind) {
        let text = "a" + String(repeating: "\u{301}", count: 300_000)
        guard case .faults(let faults) = resolve(["p": .string(text)], [.init(name: "p", type: kind)]) else {
            Issue.record("it was accepted")
            return
        }
        #expect(faults.count == 1)
        #expect(faults.allSatisfy { $0.utf8.count < 300 }, "\(faults.map(\.utf8.count))")
    }

    @Test func tooManyBytesAreRefused() {
        let declared: [ParameterSpec] = [.init(name: "p", type: .string)]
        let fits = String(repeating: "x", count: 60_000)
        #expect(resolve(["p": .string(fits)], declared) == .values(["p": fits]))
        let outcome = resolve(["p": .string(fits + fits)], declared)
        #expect(outcome == .faults(["spec.parameters: 120008 bytes as stored; at most 65536 are allowed"]))
        let escaped = resolve(["p": .string(String(repeating: "&", count: 11_000))], declared)
        #expect(escaped == .faults(["spec.parameters: 66008 bytes as stored; at most 65536 are allowed"]))
    }

    @Test func manyUnknownNamesGiveFewFaults() {
        let given = JSONObject((0..<5000).map { ("x\($0)", JSONValue.null) })
        guard case .faults(let faults) = resolve(given, []) else {
            Issue.record("5000 unknown parameters were accepted")
            return
        }
        #expect(faults.count <= 65)
        #expect(faults.last == "spec.parameters: 4936 more are unknown")
    }

    private func resolve(_ given: JSONObject, _ declared: [ParameterSpec]) -> ParameterCheck.Outcome {
        ParameterCheck.resolve(given, declared: declared)
    }
}
