import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What `kubectl describe` is to show of a run's end.
struct EndEventTests {
    private func manifest(_ request: ReportRequest) -> JSONValue? {
        EndEvent.manifest(of: request, component: "report-operator")
    }

    @Test(arguments: [
        (ReportRequestStatus.Phase.succeeded, "Normal"), (.failed, "Warning"), (.cancelled, "Normal"),
    ])
    func anEndIsToldOfItsRequest(phase: ReportRequestStatus.Phase, type: String) throws {
        let request = ReportRequest.fixture().started().ended(phase)
        let event = try #require(manifest(request))
        #expect(event["type"]?.string == type)
        #expect(event["involvedObject"]?["uid"]?.string == request.metadata.uid)
        #expect(event["involvedObject"]?["kind"]?.string == "ReportRequest")
        #expect(event["metadata"]?["namespace"]?.string == "finance")
        #expect(event["reason"]?.string?.isEmpty == false && event["message"]?.string?.isEmpty == false)
        #expect(event["lastTimestamp"]?.string == request.status?.completedAt?.description)
    }

    @Test func aFailureIsToldWithTheEndOfItsProgramsLastWords() throws {
        let request = ReportRequest.fixture(.chain("load")).running("load").failed("load").ended(.failed).status {
            $0.stages?[0].exitCode = 3
            $0.stages?[0].message = "exit code 3: first\nsecond\nno such period"
            $0.message = "load failed: exit code 3"
        }
        #expect(manifest(request)?["message"]?.string == "load failed: exit code 3: first … no such period")
    }

    @Test func anEndWithoutATimeHasAnEventWithOne() throws {
        let request = ReportRequest.fixture().started().ended(.failed).status { $0.completedAt = nil }
        let event = try #require(manifest(request))
        #expect(event["lastTimestamp"]?.string == request.status?.transitions?.last?.at.description)
        let bare = request.status { $0.transitions = nil }
        #expect(manifest(bare)?["firstTimestamp"]?.string == bare.metadata.creationTimestamp?.description)
    }

    @Test func whatIsNotOverIsNotTold() {
        #expect(manifest(.fixture()) == nil)
        #expect(manifest(ReportRequest.fixture().running("extract")) == nil)
    }

    @Test func theNameFollowsFromWhatIsTold() throws {
        func name(_ request: ReportRequest) throws -> String {
            try #require(manifest(request)?["metadata"]?["name"]?.string)
        }
        let failed = ReportRequest.fixture().started().ended(.failed)
        let again = failed.status { $0.attempt = 2 }
        #expect(try name(failed) == name(failed))
        #expect(try name(failed) != name(again))
        #expect(try name(failed) != name(failed.with { $0.metadata.uid = "another" }))
        #expect(try name(failed.with { $0.metadata.name = String(repeating: "n", count: 253) }).count == 253)
    }

    @Test func aLongMessageIsCutBetweenLetters() throws {
        let request = ReportRequest.fixture().started().ended(.failed).status {
            $0.message = String(repeating: "é", count: 2000)
        }
        let message = try #require(manifest(request)?["message"]?.string)
        #expect(message.utf8.count <= 1000 && message.hasSuffix("é…"))
    }
}
