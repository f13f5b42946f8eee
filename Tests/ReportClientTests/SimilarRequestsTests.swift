import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

/// Which reports are the same as one that is asked for.
struct SimilarRequestsTests {
    private let pipeline = ReportPipeline.fixture(
        "trial-balance",
        .chain("extract").parameters(
            ParameterSpec(name: "period", type: .month),
            ParameterSpec(name: "top", type: .integer, default: .integer(5))))

    private func request(_ name: String, _ parameters: JSONObject, at seconds: Int64 = 0) -> ReportRequest {
        ReportRequest.fixture(name: name, uid: "uid-\(name)").referring(to: "trial-balance").parameters(parameters)
            .created(at: .start.after(seconds))
    }

    private func similar(_ requests: ReportRequest..., after seconds: Int64 = 3600) -> [String] {
        SimilarRequests.find(
            in: requests, pipeline: pipeline, parameters: ["period": "2026-10", "top": "5"], now: .start.after(seconds)
        ).map(\.metadata.name)
    }

    @Test func parametersAreComparedAsTheyAreAccepted() {
        #expect(
            similar(
                request("text", ["period": .string("2026-10"), "top": .string("5")]),
                request("default", ["period": .string("2026-10")]), request("other", ["period": .string("2026-09")]),
                request("faulty", ["period": .string("2026-13")]),
                request("elsewhere", ["period": .string("2026-10")]).referring(to: "daily"))
                == ["text", "default"])
    }

    @Test func whatRunsComesBeforeWhatEndedWithinADay() {
        let asked: JSONObject = ["period": .string("2026-10")]
        func ended(_ name: String, _ phase: ReportRequestStatus.Phase) -> ReportRequest {
            request(name, asked).status {
                $0.phase = phase
                $0.completedAt = .start
            }
        }
        let all = [
            ended("done", .succeeded), ended("failed", .failed), ended("cancelled", .cancelled),
            request("runs", asked, at: 5).status { $0.phase = .running }, request("new", asked, at: 9),
        ]
        func names(_ seconds: Int64) -> [String] {
            SimilarRequests.find(
                in: all, pipeline: pipeline, parameters: ["period": "2026-10", "top": "5"], now: .start.after(seconds)
            ).map(\.metadata.name)
        }
        #expect(names(3600) == ["new", "runs", "done", "failed"])
        #expect(names(86_401) == ["new", "runs"])
    }
}
