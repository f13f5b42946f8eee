import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportController

struct OtherOperatorsTests {
    private static let (own, other) = ("a/report-operator", "b/report-operator")

    private func request(takenBy taker: String?, also: String? = nil, createdAfter seconds: Int64 = 5) -> ReportRequest
    {
        ReportRequest.fixture().created(at: .start.after(seconds)).with {
            $0.takenBy = taker
            $0.otherOperator = also
        }
    }

    private func sighting(_ request: ReportRequest) -> OtherOperators.Sighting? {
        OtherOperators.sighting(request, own: Self.own, since: .start)
    }

    @Test func anothersNameOnARequestThatIsNewTellsOfIt() throws {
        let theirs = try #require(sighting(request(takenBy: Self.other)))
        #expect(theirs.other == Self.other && theirs.isTheirs)
        #expect(sighting(request(takenBy: Self.own)) == nil)
        let told = try #require(sighting(request(takenBy: Self.own, also: Self.other)))
        #expect(told.other == Self.other && !told.isTheirs)
    }

    /// One of before may be of an operator that is gone, and a restored one of another cluster.
    @Test func whatMayBeOfAnOperatorThatIsGoneTellsNothing() {
        #expect(sighting(request(takenBy: Self.other, createdAfter: -1)) == nil)
        #expect(sighting(request(takenBy: Self.other).with { $0.acceptedUID = "another" }) == nil)
        #expect(sighting(request(takenBy: nil)) == nil)
    }

    @Test func namesComeAndGoByAnnotations() throws {
        let manifest = try JSONValue(encoding: request(takenBy: Self.own, also: Self.other))
        #expect(manifest["metadata"]?["annotations"]?["reports.ers.dev/operator"] == .string(Self.own))
        #expect(try manifest.decoded(ReportRequest.self).otherOperator == Self.other)
    }
}
