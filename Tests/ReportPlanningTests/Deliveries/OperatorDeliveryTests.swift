import DeliveryPlanning
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// The courier knows a delivery of the operator's by what it is for, and a person's by its uid.
struct OperatorDeliveryTests {
    private static let request = ReportRequest.fixture(name: String(repeating: "long-name.", count: 20) + "x")

    private func delivery(attempt: Int = 1, place: Int = 0) -> ReportDelivery {
        let made = RunDelivery(
            of: Self.request, attempt: attempt, place: place, entry: DeliverSpec(channel: "mail"))
        return ReportDelivery(
            metadata: ObjectMeta(
                name: made.name, namespace: made.metadata.namespace, uid: "uid", labels: made.metadata.labels),
            spec: made.spec)
    }

    @Test func nameIsAFunctionOfRequestAttemptAndPlace() {
        let names = [delivery(), delivery(attempt: 2), delivery(place: 1)].map(\.metadata.name)
        #expect(Set(names).count == 3)
        #expect(names[0] == delivery().metadata.name)
        #expect(names.allSatisfy { NameForm.isSubdomain($0) && $0.utf8.count <= 63 })
    }

    @Test func theLedgerKnowsItByWhatItIsFor() {
        let made = delivery(attempt: 2, place: 3)
        #expect(
            OperatorDelivery(made) == OperatorDelivery(reportID: Self.request.metadata.uid, attempt: 2, place: 3))
        var again = made
        again.metadata.uid = "another"
        #expect(DeliveryKey.of(again) == DeliveryKey.of(made))
        #expect(DeliveryKey.of(made) != DeliveryKey.of(delivery()))
    }

    @Test func aNoticeIsNamedAfterWhatItIsAboutAndKnownByAKeyOfItsOwn() {
        let made = RunDelivery(
            of: Self.request, attempt: 1, place: 0, isNotice: true, entry: DeliverSpec(channel: "mail"))
        let notice = ReportDelivery(
            metadata: ObjectMeta(name: made.name, namespace: "finance", uid: "uid", labels: made.metadata.labels),
            spec: made.spec)
        #expect(notice.metadata.name != delivery().metadata.name)
        #expect(OperatorDelivery(notice)?.isNotice == true && OperatorDelivery(delivery())?.isNotice == false)
        #expect(DeliveryKey.of(notice) == "\(DeliveryKey.of(delivery()))/notice")
        // Neither can pass for the other.
        var other = notice
        other.metadata.labels[ReportsAPI.Label.notice] = nil
        #expect(DeliveryKey.of(other) == "uid")
    }

    @Test func labelsAloneMakeNoneOfTheOperators() {
        let made = delivery()
        var copy = made
        copy.metadata.name = "by-hand"
        #expect(DeliveryKey.of(copy) == "uid")
        var other = made
        other.metadata.labels[ReportsAPI.Label.place] = "1"
        #expect(DeliveryKey.of(other) == "uid")
        var bare = made
        bare.metadata.labels = [:]
        #expect(DeliveryKey.of(bare) == "uid")
    }
}
