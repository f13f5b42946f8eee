import Foundation
import ReportAPI
import ReportRecords
import Testing

@Suite struct PinnedPipelineTests {
    @Test func thePinKeepsTheLayout() throws {
        let layout = LayoutSpec(
            title: "TB {period}", locale: "de-DE", page: .init(size: "A3"),
            columns: [.init(name: "closing", format: "#,##0.00", total: "sum")], groupBy: ["currency"],
            charts: [.init(type: "bar", x: "account", series: ["closing"])])
        let pin = PinnedPipeline.spec(
            PipelineSpec(report: layout, stages: [StageSpec(name: "publish", image: "etl:1")]))
        let text = try JSONEncoder().encode(pin)
        #expect(try JSONDecoder().decode(PinnedPipeline.self, from: text) == pin)
    }

    @Test(arguments: [
        #"{"stages": [{"name": "publish", "image": "etl:1"}]}"#,
        #"{"json": "{\"stages\": [{\"name\": \"publish\", \"image\": \"etl:1\"}]}"}"#,
    ])
    func aPinOfBeforeHasNoLayout(text: String) throws {
        let pin = try JSONDecoder().decode(PinnedPipeline.self, from: Data(text.utf8))
        #expect(pin == .spec(PipelineSpec(stages: [StageSpec(name: "publish", image: "etl:1")])))
    }

    @Test func whatALaterVersionAddsIsReadOver() throws {
        let text = #"{"report": {"title": "T", "watermark": 1}, "stages": [{"name": "publish", "image": "etl:1"}]}"#
        guard case .spec(let spec) = try JSONDecoder().decode(PinnedPipeline.self, from: Data(text.utf8)) else {
            Issue.record("no spec")
            return
        }
        #expect(spec.report == LayoutSpec(title: "T"))
    }
}
