import KubernetesModel
import Testing

@Suite struct SchemaCheckerTests {
    @Test(arguments: [
        (#"{"type":"string"}"#, #""a""#, #"1"#), (#"{"type":["integer","null"]}"#, "null", #""1""#),
        (#"{"type":"integer"}"#, "10.0", "10.5"), (#"{"type":"number"}"#, "1", "true"),
        (#"{"type":"boolean"}"#, "false", "0"), (#"{"enum":["a",1]}"#, "1.0", #""b""#),
        (#"{"minLength":2}"#, #""🏭🏭""#, #""a""#), (#"{"maxLength":1}"#, #""ü""#, #""ab""#),
        (#"{"minimum":1,"maximum":3}"#, "3", "4"), (#"{"minimum":1}"#, "1", "0"),
        (#"{"pattern":"^[a-z]+$"}"#, #""ab""#, #""aB""#), (#"{"required":["a"]}"#, #"{"a":1}"#, #"{"b":1}"#),
        (#"{"properties":{"a":{"type":"string"}}}"#, #"{"b":1}"#, #"{"a":1}"#),
        (#"{"properties":{"a":{}},"additionalProperties":false}"#, #"{"a":1}"#, #"{"b":1}"#),
        (#"{"additionalProperties":{"type":"string"}}"#, #"{"b":"x"}"#, #"{"b":1}"#),
        (#"{"items":{"type":"string"},"minItems":1,"maxItems":2}"#, #"["a"]"#, #"[1]"#),
        (#"{"minItems":1}"#, "[1]", "[]"), (#"{"maxItems":1}"#, "[1]", "[1,2]"),
        (#"{"uniqueItems":true}"#, "[1,2]", "[1,1.0]"), (#"{"minProperties":1}"#, #"{"a":1}"#, "{}"),
        (#"{"maxProperties":1}"#, #"{"a":1}"#, #"{"a":1,"b":2}"#),
        (#"{"format":"date-time"}"#, #""2026-10-31T06:00:00Z""#, #""2026-10-31""#),
        (#"{"allOf":[{"type":"string"},{"minLength":2}]}"#, #""ab""#, #""a""#),
        (#"{"anyOf":[{"type":"string"},{"type":"boolean"}]}"#, "true", "1"),
    ])
    func keywordsMeanWhatTheyDo(schema: String, good: String, bad: String) throws {
        let schema = try JSONValue.reading(schema)
        #expect(SchemaChecker.isValid(try .reading(good), schema))
        #expect(!SchemaChecker.isValid(try .reading(bad), schema))
    }

    @Test func unknownKeywordsAreFaults() throws {
        #expect(!SchemaChecker.isValid(.null, try .reading(#"{"multipleOf":2}"#)))
    }

    @Test func aClosedOneRefusesWhatNoSchemaNames() throws {
        var open = try SchemaChecker.contract()
        try open.check(.object(["name": .string("Ada"), "age": .integer(1)]), named: "Person")
        #expect(open.faults.isEmpty)
        var closed = try SchemaChecker.contract(isClosed: true)
        try closed.check(.object(["name": .string("Ada"), "age": .integer(1)]), named: "Person")
        #expect(closed.faults.count == 1)
        #expect(closed.seen == ["Person.name"])
    }
}
