import KubernetesModel
import ReportAPI
import ReportStores
import Testing

/// Where a report that a message asks for is to go.
@Suite struct IntakeDeliverTests {
    private func request(_ fields: [(String, String)], allowsRecipients: Bool = false) throws -> JSONValue? {
        try IntakeMessage(entry: "17-0", fields: fields.map { .init($0.0, $0.1) })
            .request(defaultNamespace: "reports", allowsInlinePipelines: true, allowsRecipients: allowsRecipients)[
                "spec"]
    }

    private func deliver(_ text: String, allowsRecipients: Bool = false) throws -> JSONValue? {
        try request(
            [("id", "a"), ("pipeline", "daily"), ("deliver", text)], allowsRecipients: allowsRecipients)?["deliver"]
    }

    @Test func messageNamesChannels() throws {
        let expected = JSONValue.array([.strings(["channel": "archive"]), .strings(["channel": "mail"])])
        #expect(try deliver(#"["archive", {"channel": "mail"}]"#) == expected)
        #expect(try deliver("[]") == .array([]))
    }

    @Test(arguments: ["to", "cc", "replyTo", "subject", "text"])
    func recipientsAndTextsTakeAnOptionOfTheOperator(member: String) throws {
        let isList = member == "to" || member == "cc"
        let value = isList ? #"["dana@example.com"]"# : #""dana@example.com""#
        let entry = #"{"channel": "mail", "\#(member)": \#(value)}"#
        let error = #expect(throws: IntakeFault.self) { try deliver("[\(entry)]") }
        #expect(error?.description.hasPrefix("deliver[0].\(member): ") == true)
        #expect(error?.description.contains("--intake-recipients") == true)
        #expect(try deliver("[\(entry)]", allowsRecipients: true)?.array?.count == 1)
        for (spec, field) in [
            (#"{"pipelineRef": {"name": "daily"}, "deliver": [\#(entry)]}"#, "spec.deliver[0]"),
            (
                #"{"pipeline": {"stages": [{"name": "a", "image": "a"}], "deliver": [\#(entry)]}}"#,
                "spec.pipeline.deliver[0]"
            ),
        ] {
            let fields = [("id", "a"), ("spec", spec)]
            let error = #expect(throws: IntakeFault.self) { try request(fields) }
            #expect(error?.description.hasPrefix("\(field).\(member): ") == true)
            #expect(try request(fields, allowsRecipients: true) != nil)
        }
    }

    @Test(arguments: [
        ("archive", "deliver: \"archive\" is not a JSON list"),
        ("[3]", "deliver[0]: is neither"),
        (#"[{"channel": "mail", "too": ["a@b.c"]}]"#, "deliver[0].\"too\": is unknown"),
        (#"[{"channel": "mail", "formats": "pdf"}]"#, "deliver[0].formats: expected"),
        (#"[{"formats": ["pdf"]}]"#, "deliver[0].channel: is required"),
    ])
    func faultNamesPlaceAndWhatIsAllowed(text: String, words: String) {
        let error = #expect(throws: IntakeFault.self) { try deliver(text) }
        #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    }
}
