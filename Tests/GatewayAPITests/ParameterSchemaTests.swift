import GatewayAPI
import KubernetesModel
import ReportAPI
import ReportPlanning
import Testing

@Suite struct ParameterSchemaTests {
    private static let values: [JSONValue] =
        [
            .null, .bool(true), .bool(false), .integer(0), .integer(-5), .integer(42), .integer(.max), .integer(.min),
            .number(10), .number(-0.5), .number(12.5), .number(1e300), .decimal("12345678901234567890"),
            .decimal("0.1000000000000000000001"), .array([]), .object([:]), .array([.integer(1)]),
            .array([.string("a")]), .array([.string("a"), .string("b")]), .array([.string("a"), .string("a")]),
            .array([.integer(1), .number(1)]), .array([.integer(1), .string("1")]), .array([.array([])]),
            .array([.string("2026-10"), .string("2026-11")]), .array([.bool(true), .bool(false)]),
            .array((0..<100).map { .integer($0) }), .array((0..<101).map { .integer($0) }), .array([.null]),
        ]
        + [
            "", "a", "b", "true", "false", "True", "0", "-0", "007", "42", "-5", "+5", "1.5", "1.50", ".5", "5.", "1e3",
            "1E+3", "1e", "1e400", "2026-10", "2026-13", "2026-00", "26-10", "2026-10-31", "2026-02-30", "2026-02-28",
            "2026-10-32", "2026-1-1", "2026-10-31T00:00:00Z", " 42", "42\n", "a\0b", "310507", "Ä", "🏭",
            "9223372036854775807", "9223372036854775808", String(repeating: "x", count: 70_000),
        ].map(JSONValue.string)

    private static let parameters: [ParameterSpec] = {
        let plain = ParameterSpec.Kind.allCases.map { ParameterSpec(name: "p", type: $0) }
        let choices = [
            ParameterSpec(name: "p", type: .string, enum: [.string("a"), .string("310507")]),
            ParameterSpec(name: "p", type: .integer, enum: [.integer(0), .integer(42)]),
            ParameterSpec(name: "p", type: .number, enum: [.number(12.5), .string("1.50")]),
            ParameterSpec(name: "p", type: .boolean, enum: [.bool(true)]),
            ParameterSpec(name: "p", type: .month, enum: [.string("2026-10")]),
        ]
        let bounded = [
            ParameterSpec(name: "p", type: .string, pattern: "^[a-z]+$", minLength: 1, maxLength: 3),
            ParameterSpec(name: "p", type: .month, minimum: .string("2026-01"), maximum: .string("2026-12")),
        ]
        let many = (plain + choices + bounded).map { parameter in
            var parameter = parameter
            parameter.multiple = true
            return parameter
        }
        let required = (plain + choices + bounded + many).map { parameter in
            var parameter = parameter
            parameter.required = true
            return parameter
        }
        var withDefault = ParameterSpec(name: "p", type: .integer, required: true)
        withDefault.default = .integer(5)
        return plain + choices + bounded + many + required + [withDefault]
    }()

    /// What the schema can't say: days that a month doesn't have, and sizes.
    private static func isBeyondSchemas(_ value: JSONValue?) -> Bool {
        switch value {
        case .string(let text):
            text == "2026-02-30" || text.utf8.count > 60_000 || text == "9223372036854775808" || text == "1e400"
        case .decimal, .number(1e300): true
        // 1 and "1" are one value to the operator.
        case .array(let list): list == [.integer(1), .string("1")]
        case .null, .bool, .integer, .number, .object, nil: false
        }
    }

    @Test func theOperatorRefusesWhatTheSchemaRefusesAndTheOtherWay() {
        for parameter in Self.parameters {
            let schema = ParameterSchema.schema(of: [parameter])
            for value in Self.values + [nil] {
                let given = JSONObject(present: ["p": value])
                let isTaken =
                    switch ParameterCheck.resolve(given, declared: [parameter]) {
                    case .values: true
                    case .faults: false
                    }
                let isValid = SchemaChecker.isValid(.object(given), schema)
                if !isValid { #expect(!isTaken, "\(parameter) \(value as Any)") }
                if !isTaken, !Self.isBeyondSchemas(value) { #expect(!isValid, "\(parameter) \(value as Any)") }
            }
        }
    }

    /// As numbers; given as texts, the operator alone holds them against their bounds.
    @Test(arguments: [ParameterSpec.Kind.integer, .number]) func boundsOfNumbersAreTheSchemasToo(
        kind: ParameterSpec.Kind
    ) {
        let parameter = ParameterSpec(name: "p", type: kind, minimum: .integer(0), maximum: .string("41"))
        let schema = ParameterSchema.schema(of: [parameter])
        for value in Self.values {
            let isValid = SchemaChecker.isValid(.object(["p": value]), schema)
            guard case .faults = ParameterCheck.resolve(["p": value], declared: [parameter]) else {
                #expect(isValid, "\(value)")
                continue
            }
            if case .integer = value { #expect(!isValid, "\(value)") }
        }
        #expect(SchemaChecker.isValid(.object(["p": .integer(41)]), schema))
        #expect(!SchemaChecker.isValid(.object(["p": .integer(42)]), schema))
    }

    @Test func unknownOnesAreRefusedByBoth() {
        let schema = ParameterSchema.schema(of: [])
        #expect(!SchemaChecker.isValid(.object(["x": .integer(1)]), schema))
        #expect(SchemaChecker.isValid(.object([:]), schema))
    }

    @Test func aFormFindsWhatItNeeds() throws {
        let spec = try #require(Fixtures.pipeline().spec.value)
        let schema = ParameterSchema.schema(of: spec.parameters ?? [])
        #expect(schema["required"] == .array([.string("period")]))
        let period = schema["properties"]?["period"]
        #expect(period?["title"] == .string("Accounting period"))
        #expect(period?["description"] == .string("The month"))
        let company = schema["properties"]?["company"]
        #expect(company?["default"] == .string("310507"))
        #expect(company?["enum"] == .array([.string("310507"), .string("306766")]))
    }
}
