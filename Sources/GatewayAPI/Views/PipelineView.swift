package import ReportAPI

/// A pipeline with all that a form needs.
package struct PipelineView: Hashable, Sendable, JSONWritable {
    package var summary: PipelineSummaryView
    package var stages: [String]
    package var deliver: [DeliverSpec]?
    /// Median of past runs that succeeded.
    package var expectedSeconds: Int?
    package var may: RightsView?

    package init(_ pipeline: ReportPipeline, runs: Int, expectedSeconds: Int? = nil, may: RightsView? = nil) {
        summary = PipelineSummaryView(pipeline, runs: runs)
        stages = pipeline.spec.value?.stages.map(\.name) ?? []
        deliver = pipeline.spec.value?.deliver
        self.expectedSeconds = expectedSeconds
        self.may = may
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            summary.writeMembers(to: &$0)
            $0.member("schema", ParameterSchema.schema(of: summary.parameters))
            $0.member("stages", stages)
            $0.member("deliver", deliver?.map(DeliverView.init))
            $0.member("expectedSeconds", expectedSeconds)
            $0.member("may", may)
        }
    }
}

/// An entry of `deliver`, as it can be sent back.
struct DeliverView: JSONWritable {
    let spec: DeliverSpec

    init(_ spec: DeliverSpec) { self.spec = spec }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("channel", spec.channel)
            $0.member("to", spec.to)
            $0.member("cc", spec.cc)
            $0.member("replyTo", spec.replyTo)
            $0.member("formats", spec.formats)
            $0.member("when", spec.when?.rawValue)
            $0.member("unless", spec.unless?.rawValue)
            $0.member("only", spec.only)
            $0.member("attach", spec.attach?.rawValue)
            $0.member("fileName", spec.fileName)
            $0.member("subject", spec.subject)
            $0.member("text", spec.text)
        }
    }
}
