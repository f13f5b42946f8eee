import Foundation
import JSONReading
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

    private func read<R: KubernetesResource>(_ type: R.Type, spec: String) throws -> R {
        try JSONReader().decode(type, from: #"{"metadata": {"name": "tb", "namespace": "a"}, "spec": \#(spec)}"#)
    }

    private func fault<Value>(of spec: Decoded<Value>) -> String? {
        if case .fault(let fault) = spec { fault } else { nil }
    }

    private static func nested(_ levels: Int) -> String {
        String(repeating: #"{"a":"#, count: levels) + "1" + String(repeating: "}", count: levels)
    }

    @Test func whatIsNestedTooDeepIsAFaultThatNamesItAndItsBounds() throws {
        let told = "is nested 600 levels deep; at most 64 are allowed"
        let parameter = try read(ReportRequest.self, spec: #"{"parameters": {"p": \#(Self.nested(600))}}"#)
        #expect(parameter.metadata.name == "tb")
        #expect(fault(of: parameter.spec) == "spec.parameters.p: \(told)")
        let stages = #"{"stages": [{"name": "a", "image": "b", "podTemplate": \#(Self.nested(600))}]}"#
        let pipeline = try read(ReportPipeline.self, spec: stages)
        #expect(fault(of: pipeline.spec) == "spec.stages[0].podTemplate: \(told)")
        let inline = try read(ReportRequest.self, spec: #"{"pipeline": \#(stages)}"#)
        #expect(fault(of: inline.spec) == "spec.pipeline.stages[0].podTemplate: \(told)")
        let schedule = try read(
            ReportSchedule.self,
            spec: #"{"schedule": "@daily", "request": {"spec": {"parameters": {"p": [\#(Self.nested(599))]}}}}"#)
        #expect(fault(of: schedule.spec) == "spec.request.spec.parameters.p: \(told)")
        #expect(try read(ReportRequest.self, spec: #"{"parameters": {"p": \#(Self.nested(64))}}"#).spec.value != nil)
    }

    /// It stands in the spec and, once it is accepted, in the status. A run whose status could not be read would hold its
    /// place for ever.
    @Test func whatCanBeAcceptedCanBeReadAfterwards() throws {
        let list = Array(repeating: "1", count: 30_000).joined(separator: ",")
        let pipeline = #"{"stages": [{"name": "a", "image": "b", "podTemplate": {"x": [\#(list)]}}]}"#
        let request = try JSONReader().decode(
            ReportRequest.self,
            from: #"""
                {"metadata": {"name": "tb"}, "spec": {"pipeline": \#(pipeline)}, "status": {"phase": "Running",
                 "accepted": {"name": "tb", "pipeline": \#(pipeline), "parameters": {}}}}
                """#)
        #expect(request.spec.value?.pipeline == request.status?.accepted?.pipeline)
        let tooMany = Array(repeating: "1", count: 50_000).joined(separator: ",")
        let refused = try read(ReportRequest.self, spec: #"{"parameters": {"p": [\#(tooMany)]}}"#)
        #expect(fault(of: refused.spec)?.hasPrefix("spec.parameters.p: has 50001 values and keys; at most") == true)
    }

    @Test func whatIsTooLongIsAFaultAndNotKept() throws {
        let spec = #"{"parameters": {"p": "\#(String(repeating: "x", count: 1_400_000))"}}"#
        #expect(
            fault(of: try read(ReportRequest.self, spec: spec).spec)
                == "spec: is \(spec.utf8.count) bytes long; at most 524288 are allowed")
    }

    /// An event of a watch has the object one level down.
    @Test func thePathBeginsAtTheObject() throws {
        struct Line: Decodable { var object: ReportRequest }
        let line = try JSONReader().decode(
            Line.self, from: #"{"object": {"metadata": {"name": "tb"}, "spec": {"priority": "high"}}}"#)
        #expect(fault(of: line.object.spec) == "spec.priority: expected an integer")
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
