import Foundation
import KubernetesModel
import ReportAPI
import Testing

@Suite struct ReportRequestTests {
    @Test func aFormatOfTomorrowIsReadAndToldAsAFault() throws {
        let output = try JSONDecoder().decode(
            ReportRequestSpec.Output.self, from: Data(#"{"formats": ["pdf", "pdff", "csv", "pdf"]}"#.utf8))
        #expect(output.formats == ["pdf", "pdff", "csv", "pdf"])
        #expect(output.knownFormats == [.pdf, .csv])
        #expect(output.faults == [#"spec.output.formats[1]: "pdff" is not one of pdf, xlsx, csv, html, json"#])
        #expect(ReportRequestSpec.Output(formats: OutputFormat.allCases.map(\.rawValue)).faults.isEmpty)
        let long = ReportRequestSpec.Output(formats: [String(repeating: "x", count: 100_000)]).faults
        #expect(long.map(\.utf8.count).allSatisfy { $0 < 200 })
    }

    @Test func pipelineComesBackAsItWasRead() throws {
        let pipeline = try Fixture.decode(PipelineSpec.self, Fixture.pipeline)
        #expect(try Fixture.encoded(pipeline) == (try Fixture.json(Fixture.pipeline)))
    }

    @Test func statusComesBackAsItWasRead() throws {
        let status = try Fixture.decode(ReportRequestStatus.self, Fixture.status)
        #expect(try Fixture.encoded(status) == (try Fixture.json(Fixture.status)))
    }

    @Test(arguments: [
        #"{"pipelineRef": {"name": "trial-balance"}}"#,
        #"{"pipelineRef": {"name": "tb"}, "parameters": {"period": "2026-10", "n": 3, "x": 1.5, "draft": true}}"#,
        #"""
        {"pipelineRef": {"name": "tb"}, "requester": {"name": "Dana Reyes", "email": "dana@example.com"},
         "output": {"formats": ["pdf", "xlsx"]}, "priority": -5, "cancel": false, "attempt": 2,
         "ttlSecondsAfterFinished": 604800}
        """#,
    ])
    func requestComesBackAsItWasRead(spec: String) throws {
        let read = try #require(try Fixture.request(spec: spec).spec.value)
        #expect(try Fixture.encoded(read) == (try Fixture.json(spec)))
    }

    @Test func inlinePipelineIsThePipelineItself() throws {
        let request = try Fixture.request(spec: #"{"pipeline": \#(Fixture.pipeline)}"#)
        #expect(request.spec.value?.pipeline == (try Fixture.decode(PipelineSpec.self, Fixture.pipeline)))
    }

    @Test(
        "The pinned pipeline leaves the cache when nothing will ask for it again",
        arguments: [
            ("Succeeded", 1, nil, true), ("Failed", 2, 2, true), ("Cancelled", 2, 1, true),
            ("Failed", 1, 2, false), ("Running", 1, nil, false), ("Queued", 1, nil, false),
            ("Cancelling", 1, nil, false),
        ] as [(String, Int, Int?, Bool)])
    func trimming(phase: String, statusAttempt: Int, specAttempt: Int?, isTrimmed: Bool) throws {
        let attempt = specAttempt.map { #", "attempt": \#($0)"# } ?? ""
        let request = try Fixture.request(
            spec: #"{"pipelineRef": {"name": "tb"}\#(attempt)}"#,
            status: #"""
                {"phase": "\#(phase)", "attempt": \#(statusAttempt), "message": "m",
                 "accepted": {"name": "tb", "pipeline": {"stages": []}, "parameters": {}}}
                """#)
        let trimmed = request.trimmedForCache
        #expect((trimmed.status?.accepted == nil) == isTrimmed)
        #expect(trimmed.status?.message == "m")
        #expect(trimmed.metadata == request.metadata)
    }

    /// It says when the workspace of a run that succeeded goes.
    @Test(arguments: [("Succeeded", "", false), ("Failed", "", true), ("Succeeded", "2027-01-15T08:00:00Z", true)])
    func trimmingWithAWorkspace(phase: String, deletedAt: String, isTrimmed: Bool) throws {
        let deleted = deletedAt.isEmpty ? "" : #""workspaceDeletedAt": "\#(deletedAt)", "#
        let pipeline = #"{"stages": [], "workspace": {"size": "1Gi"}}"#
        let request = try Fixture.request(
            spec: #"{"pipelineRef": {"name": "tb"}}"#,
            status: #"""
                {"phase": "\#(phase)", "attempt": 1, \#(deleted)
                 "accepted": {"name": "tb", "pipeline": \#(pipeline), "parameters": {}}}
                """#)
        #expect((request.trimmedForCache.status?.accepted == nil) == isTrimmed)
    }

    @Test func requestWithoutStatusIsNotTrimmed() throws {
        #expect(try Fixture.request(spec: #"{"pipelineRef": {"name": "tb"}}"#).trimmedForCache.status == nil)
    }

    @Test(arguments: ReportRequestStatus.Phase.allCases)
    func phaseThatEndsARunHoldsNoPlace(phase: ReportRequestStatus.Phase) {
        #expect(!(phase.isTerminal && phase.holdsSlot))
    }
}
