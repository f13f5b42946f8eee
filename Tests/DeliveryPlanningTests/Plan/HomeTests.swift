import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// A delivery sends a report of its own namespace: not of one that had its name before, nor of another cluster's.
@Suite struct HomeTests {
    private static let missing = ObservedDelivery.fixture().with { $0.report = .missing }

    private static func report(
        of origin: RecordOrigin, createdAt: Date = .start
    ) -> ObservedDelivery.Report {
        var report = ObservedDelivery.Report.succeeded()
        (report.origin, report.createdAt) = (origin, createdAt)
        return report
    }

    /// Not even its existence is told.
    @Test(
        arguments: [
            RecordOrigin(cluster: "c1", namespaceUID: "n0"), RecordOrigin(namespaceUID: "n0"),
            RecordOrigin(cluster: "c2", namespaceUID: "n9"), RecordOrigin(cluster: "c2"),
        ])
    func reportOfAnEarlierNamespaceIsNotFound(origin: RecordOrigin) {
        let other = ObservedDelivery.fixture().report(Self.report(of: origin))
        for seconds in [0, 10, 700.0] { #expect(other.plan(after: seconds) == Self.missing.plan(after: seconds)) }
        #expect(other.plan(after: 700).condition?.reason == "ReportNotFound")
    }

    /// From before namespaces were told apart.
    @Test func ofWhatTellsNoNamespaceTheAgeDecides() {
        let made = Date.start.after(-86_400)
        let own = ObservedDelivery.fixture().report(Self.report(of: .unknown, createdAt: made))
        #expect(own.plan().status?.pinned != nil)
        let other = ObservedDelivery.fixture().report(Self.report(of: .unknown, createdAt: made.after(-1)))
        #expect(other.plan(after: 700) == Self.missing.plan(after: 700))
    }

    @Test func whereTheNamespaceCanNotBeReadNothingIsSentAndThatIsSaid() {
        let unread = ObservedDelivery.fixture().with { $0.home = .unknown("the courier may not read the namespace") }
        for seconds in [0, 700.0, 90_000] {
            let plan = unread.plan(after: seconds)
            #expect(plan.isImpatient && plan.actions.isEmpty && plan.status?.phase == .pending)
            #expect(plan.status?.message == "the courier may not read the namespace")
        }
        let gone = ObservedDelivery.fixture().with { $0.home = .missing }
        #expect(gone.plan(after: 700) == Self.missing.plan(after: 700))
    }

    /// Writing the labels of one that the operator made doesn't take over what the ledger has of that.
    private static func forged(_ copies: [DeliveryCopy]) -> ObservedDelivery {
        ObservedDelivery.fixture(to: "eve@example.com").with {
            $0.key = "0b8f/1/0"
            $0.ledger = .found(copies)
            $0.report = .found(Self.report(of: RecordOrigin(cluster: "c1", namespaceUID: "n0")))
        }
    }

    private static func copy(namespace: String, uid: String?) -> DeliveryCopy {
        var copy = DeliveryCopy(
            delivery: "0b8f/1/0", namespace: namespace, name: "books", reportID: "0b8f", channel: "books", type: "Mail",
            recipient: "dana@example.com", at: .start)
        (copy.attempt, copy.publication, copy.formats) = (1, "p1", ["pdf"])
        copy.namespaceUID = uid
        return copy
    }

    @Test(arguments: [("finance", "n0"), ("sales", "n7"), ("sales", nil), ("finance", nil)])
    func whatTheLedgerHasOfAnothersIsNotTakenOver(namespace: String, uid: String?) {
        let forged = Self.forged([Self.copy(namespace: namespace, uid: uid)])
        for seconds in [0, 10, 700.0] {
            #expect(forged.plan(after: seconds).status?.pinned == nil)
            #expect(forged.plan(after: seconds).actions.isEmpty)
        }
        #expect(forged.plan(after: 700).condition?.reason == "ReportNotFound")
    }

    @Test(arguments: [("finance", "n0"), ("sales", "n7"), ("sales", nil)])
    func whoDeletesAForgedOneCancelsNothingOfOthers(namespace: String, uid: String?) {
        let forged = Self.forged([Self.copy(namespace: namespace, uid: uid)]).with {
            $0.delivery.metadata.finalizers = [ReportsAPI.Finalizer.delivery]
        }.deleted()
        #expect(forged.plan(after: 200).kinds == ["removeFinalizer"])
        let own = Self.forged([Self.copy(namespace: "finance", uid: "n1")]).with {
            $0.delivery.metadata.finalizers = [ReportsAPI.Finalizer.delivery]
        }.deleted()
        #expect(own.plan(after: 200).kinds == ["end dana@example.com Cancelled"])
    }

    /// So that the ledger tells them apart, too.
    @Test func copiesSayWhereTheirDeliveryWasMade() {
        let claim = ObservedDelivery.fixture().ready().plan().claim
        #expect(claim?.origin == RecordOrigin(cluster: "c1", namespaceUID: "n1"))
    }
}
