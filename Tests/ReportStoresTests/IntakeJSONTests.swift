import FoundationEssentials
import KubernetesModel
import ReportAPI
import Testing

@testable import ReportStores

/// Messages that come through a broker, as JSON.
struct IntakeJSONTests {
    private func manifest(_ json: String) throws(IntakeFault) -> JSONValue {
        let data = Data(json.utf8)
        return try IntakeMessage(json: data, bytes: data.count).request(defaultNamespace: nil)
    }

    private func refusal(_ json: String) -> String? {
        do throws(IntakeFault) {
            _ = try manifest(json)
            return nil
        } catch {
            return error.words
        }
    }

    @Test func membersAreTheStreamsFieldsAndMayHaveTheirValues() throws {
        let asked = try manifest(
            #"{"id": "oee-1", "namespace": "north", "pipeline": "oee", "parameters": {"limit": 0.1000000000000000055511},"#
                + #" "formats": ["pdf", "xlsx"], "deliver": ["archive"], "priority": 7, "email": "dana@example.com"}"#)
        let written = try manifest(
            #"{"id": "oee-1", "namespace": "north", "pipeline": "oee", "parameters": "{\"limit\": 0.1000000000000000055511}","#
                + #" "formats": "pdf,xlsx", "deliver": "[\"archive\"]", "priority": "7", "email": "dana@example.com"}"#)
        #expect(asked == written)
        #expect(asked["metadata"]?["labels"] == .strings([ReportsAPI.Label.intake: "mqtt"]))
        #expect(asked["metadata"]?["annotations"] == .object([:]))
        #expect(asked["spec"]?["parameters"]?["limit"] == .string("0.1000000000000000055511"))
        #expect(asked["spec"]?["output"]?["formats"] == .strings(["pdf", "xlsx"]))
        #expect(asked["spec"]?["priority"] == .integer(7))
    }

    @Test func aWholeSpecMayBeAnObject() throws {
        let asked = try manifest(
            #"{"id": "oee-1", "namespace": "north", "spec": {"pipelineRef": {"name": "oee"}, "parameters": {"day": "2026-11-27"}}}"#
        )
        #expect(asked["spec"]?["pipelineRef"]?["name"]?.string == "oee")
    }

    @Test(arguments: [
        ("[1]", "the message is not a JSON object"), ("{", "the message is not a JSON object"),
        (#"{"namespace": "north", "pipeline": "oee"}"#, "id: is required"),
        (#"{"id": "a", "pipeline": "oee"}"#, "namespace: is required"),
        (#"{"id": 5.5, "namespace": "North", "pipeline": "oee"}"#, #"namespace: "North" is not a name"#),
        (
            #"{"id": "a", "namespace": "b", "pipeline": "oee", "priority": true}"#,
            #"priority: "true" is not a whole number"#
        ),
        (#"{"id": "a", "namespace": "b", "pipeline": "oee", "formats": ["pdf", 5]}"#, "formats: "),
        (#"{"id": "a", "namespace": "b", "pipeline": "oee", "colour": "red"}"#, #""colour": is unknown"#),
    ]) func whatCannotBeARequestSaysWhichFieldAndWhy(json: String, words: String) {
        #expect(refusal(json)?.hasPrefix(words) == true, "\(refusal(json) ?? "")")
    }

    /// The operator's options are about Redis, and would lead nowhere.
    @Test func whatIsNeverAllowedHereNamesNoOptionOfTheOperator() {
        let brought = refusal(#"{"id": "a", "namespace": "b", "spec": {"pipeline": {"stages": []}}}"#)
        #expect(brought?.hasPrefix("spec.pipeline: a message may name a pipeline but not bring one") == true)
        let to = refusal(
            #"{"id": "a", "namespace": "b", "pipeline": "p", "deliver": [{"channel": "mail", "to": ["x@example.com"]}]}"#
        )
        #expect(to?.hasPrefix("deliver[0].to: a message may name channels") == true)
        for words in [brought, to] { #expect(words?.contains("--intake") == false) }
    }

    @Test func aMessageThatIsTooLargeIsNotRead() {
        #expect(throws: IntakeFault("the message has 300000 bytes; at most 262144 are allowed")) {
            try IntakeMessage(json: Data(), bytes: 300_000)
        }
    }

    @Test func theSameIsAskedWhateverMayBeEditedLater() throws {
        let asked = try manifest(#"{"id": "a", "namespace": "b", "pipeline": "oee", "priority": 3}"#)
        let spec = ReportRequestSpec(pipelineRef: .init(name: "oee"))
        let request = ReportRequest(metadata: ObjectMeta(name: "a", namespace: "b"), spec: spec)
        #expect(request.asksTheSame(as: asked))
        let other = try manifest(#"{"id": "a", "namespace": "b", "pipeline": "oee", "parameters": {"day": "1"}}"#)
        #expect(!request.asksTheSame(as: other))
    }
}
