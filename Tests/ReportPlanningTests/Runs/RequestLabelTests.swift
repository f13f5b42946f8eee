import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportPlanning

/// Labels by which people select requests.
struct RequestLabelTests {
    static let requesters: [(ReportRequestSpec.Requester, String?)] = [
        (.init(name: "Dana Reyes", email: "Dana.Reyes@Example.com"), "dana.reyes_example.com"),
        (.init(name: "Dana Reyes"), "dana_reyes"), (.init(name: "_Ünal @ Söhne!"), "nal___s_hne"),
        (.init(name: "株式"), nil),
        (.init(), nil),
    ]

    @Test(arguments: requesters) func aRequesterIsWrittenAsALabelCanHaveIt(
        requester: ReportRequestSpec.Requester, label: String?
    ) {
        let request = ReportRequest.fixture().spec { $0.requester = requester }
        #expect(RequestLabels.of(request)[ReportsAPI.Label.requester] == label)
    }

    @Test func whatIsTooLongIsShortenedAndToldApart() {
        let names = ["a", "b"].map { String(repeating: "x.", count: 60) + $0 }
        let labels = names.map { name in
            RequestLabels.of(.fixture().referring(to: name).spec { $0.requester = .init(email: "\(name)@example.com") })
        }
        for key in [ReportsAPI.Label.pipeline, ReportsAPI.Label.requester] {
            let values = labels.compactMap { $0[key] }
            #expect(Set(values).count == 2)
            #expect(values.allSatisfy(NameForm.isLabelValue), "\(values)")
        }
    }

    @Test func aPipelineOfItsOwnAndANameThatIsNoneHaveNoLabel() {
        #expect(RequestLabels.of(.fixture()) == [:])
        #expect(RequestLabels.of(.fixture().referring(to: "Trial Balance")) == [:])
        #expect(
            RequestLabels.of(.fixture().referring(to: "trial-balance")) == [ReportsAPI.Label.pipeline: "trial-balance"])
    }
}
