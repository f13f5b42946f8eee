import Foundation
import GatewayAPI
import JSONReading
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

@testable import GatewayServer

struct PipelineFaultsTests {
    private func pipeline(_ name: String, version: Int = 1, uid: String = "u", image: String = "a") throws
        -> ReportPipeline
    {
        let text = """
            {"metadata": {"name": "\(name)", "namespace": "finance", "uid": "\(uid)", "resourceVersion": "\(version)"},
             "spec": {"parameters": [{"name": "period", "type": "month", "required": true}],
                      "stages": [{"name": "extract", "image": "\(image)"}, {"name": "load", "image": "b", "needs": ["extract"]}]}}
            """
        return try JSONReader().decode(ReportPipeline.self, from: Data(text.utf8))
    }

    @Test func eachVersionIsCheckedOnce() throws {
        let checked = Recorder<String>()
        let faults = PipelineFaults { pipeline in
            checked.append("\(pipeline.metadata.name)/\(pipeline.metadata.resourceVersion)")
            return pipeline.metadata.name == "bad" ? "no stage" : nil
        }
        let two = [try pipeline("good"), try pipeline("bad")]
        for _ in 1...3 { #expect(faults.faults(of: two) == [nil, "no stage"]) }
        #expect(checked.all == ["good/1", "bad/1"])
        let edited = [try pipeline("bad", version: 2), try pipeline("good")]
        #expect(faults.faults(of: edited) == ["no stage", nil])
        #expect(checked.all == ["good/1", "bad/1", "bad/2"])
        // One that was deleted and recreated is another.
        _ = faults.faults(of: [try pipeline("good", uid: "v")])
        #expect(checked.all.suffix(1) == ["good/1"] && checked.all.count == 4)
        // What isn't there any more is forgotten.
        _ = faults.faults(of: two)
        #expect(checked.all.count == 6)
    }

    /// Prints what a list of 500 costs the first time and after that.
    @Test func aListIsCheckedOnce() throws {
        let faults = PipelineFaults()
        let all = try (0..<500).map { try pipeline("p\($0)") }
        var times: [Duration] = []
        for _ in 1...2 {
            let start = ContinuousClock.now
            let found = faults.faults(of: all)
            times.append(ContinuousClock.now - start)
            #expect(found.allSatisfy { $0 == nil })
        }
        print("500 pipelines: \(times[0]), then \(times[1])")
        #expect(times[1] < times[0] / 2)
    }
}
