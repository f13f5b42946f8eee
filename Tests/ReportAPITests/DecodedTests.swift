import KubernetesModel
import ReportAPI
import Testing

@Suite struct DecodedTests {
    @Test(
        "A mistake in the spec is kept as a sentence that names the field",
        arguments: [
            (#"{"pipelineRef": {"name": 5}}"#, "spec.pipelineRef.name: expected a string"),
            (#"{"pipelineRef": {}}"#, "spec.pipelineRef.name: is required"),
            (#"{"pipelineRef": "tb"}"#, "spec.pipelineRef: expected a list or an object"),
            (#"{"priority": "high"}"#, "spec.priority: expected an integer"),
            (#"{"cancel": "yes"}"#, "spec.cancel: expected true or false"),
            (#"{"pipeline": {"stages": {}}}"#, "spec.pipeline.stages: expected a list or an object"),
            (
                #"{"pipeline": {"stages": [{"name": "a", "image": "x"}, {"name": "b"}]}}"#,
                "spec.pipeline.stages[1].image: is required"
            ),
            (
                #"{"pipeline": {"stages": [{"name": "a", "image": "x", "timeout": "5x"}]}}"#,
                "spec.pipeline.stages[0].timeout: \"5x\" is not a duration such as 90s, 15m or 4h (at most 720h)"
            ),
            ("[]", "spec: expected a list or an object"),
        ])
    func faultNamesTheField(spec: String, sentence: String) throws {
        guard case .fault(let fault) = try Fixture.request(spec: spec).spec else {
            Issue.record("\(spec) is a value")
            return
        }
        #expect(fault == sentence)
    }

    @Test func faultyRequestKeepsItsNameAndItsStatus() throws {
        let request = try Fixture.request(spec: #"{"priority": "high"}"#, status: #"{"phase": "Failed"}"#)
        #expect(request.metadata.name == "tb")
        #expect(request.status?.phase == .failed)
        #expect(request.spec.value == nil)
    }

    @Test func unknownParameterTypeIsAFault() throws {
        let spec = #"{"pipeline": {"parameters": [{"name": "a", "type": "week"}], "stages": []}}"#
        guard case .fault(let fault) = try Fixture.request(spec: spec).spec else {
            Issue.record("a week is no type")
            return
        }
        #expect(fault.hasPrefix("spec.pipeline.parameters[0].type: "))
    }

    @Test func missingSpecIsAFault() throws {
        let pipeline = try Fixture.decode(
            ReportPipeline.self, #"{"metadata": {"name": "tb", "namespace": "finance", "uid": "u"}}"#)
        guard case .fault(let fault) = pipeline.spec else {
            Issue.record("there is no spec")
            return
        }
        #expect(fault == "spec: is required")
    }

    @Test func faultIsNeverWritten() throws {
        let request = try Fixture.request(spec: #"{"priority": "high"}"#)
        #expect(throws: EncodingError.self) { try Fixture.encoded(request.spec) }
    }
}
