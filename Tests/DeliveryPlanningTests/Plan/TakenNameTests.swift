import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// Anyone who may create deliveries can give one the name and the labels of the run's own: it is held against what was pinned
/// with the run.
@Suite struct TakenNameTests {
    private static let list = [
        DeliverSpec(channel: "books", to: ["dana@example.com"], formats: ["pdf"], when: .succeeded),
        DeliverSpec(channel: "books", to: ["audit@example.com"], when: .failed),
    ]

    /// As the operator names it, of a run with that list.
    private func named(
        place: Int = 0, isNotice: Bool = false, pinned list: [DeliverSpec]? = list,
        _ change: (inout ReportDeliverySpec) -> Void = { _ in }
    ) -> ObservedDelivery {
        var report = ObservedDelivery.Report.succeeded()
        report.deliveries = list
        report.failureNotice = DeliverSpec(channel: "books", to: ["dana@example.com"], attach: .never)
        return ObservedDelivery.fixture {
            $0.attempt = 1
            $0.when = isNotice ? nil : .succeeded
            change(&$0)
        }.report(report).with {
            let own = OperatorDelivery(reportID: "0b8f", attempt: 1, place: place, isNotice: isNotice)
            $0.delivery.metadata.name = "tb-delivery-1-\(place)-\(own.fingerprint)"
            $0.delivery.metadata.labels = own.labels
            $0.key = DeliveryKey.of($0.delivery)
        }
    }

    private static func copy(
        of observed: ObservedDelivery, to recipient: String, namespace: String = "finance",
        _ phase: DeliveryCopy.Phase = .pending
    ) -> DeliveryCopy {
        var copy = DeliveryCopy(
            delivery: observed.key, namespace: namespace, name: "theirs", reportID: "0b8f", channel: "books",
            type: "Mail", recipient: recipient, phase: phase, at: .start)
        copy.attempt = 1
        return copy
    }

    @Test func whatIsAsPinnedGoesOut() {
        let observed = named()
        #expect(observed.key == "0b8f/1/0")
        #expect(observed.plan().status?.pinned != nil)
        #expect(observed.ready().plan().kinds == ["send dana@example.com"])
    }

    @Test func whatIsNotIsFailedAndSaysWhatToDo() throws {
        let observed = named {
            $0.to = ["mallory@example.com"]
            $0.formats = ["xlsx"]
        }
        let plan = observed.plan()
        #expect(plan.actions == [])
        #expect(plan.status?.phase == .failed && plan.condition?.reason == "NameTaken")
        let message = try #require(plan.status?.message)
        #expect(message.contains("differing in spec.to, spec.formats"), "\(message)")
        #expect(message.contains("kubectl delete rd \(observed.delivery.metadata.name) -n finance"), "\(message)")
        #expect(message.contains("kubectl report resend 0b8f -n finance"), "\(message)")
        #expect(observed.pass().plan(after: 5).isEmpty)
    }

    @Test func placeThatTheListHasNotIsTakenToo() {
        let plan = named(place: 7).plan()
        #expect(plan.condition?.reason == "NameTaken")
        #expect(plan.status?.message?.contains("the run has no such delivery") == true)
    }

    /// What a notice says is the operator's to choose; whom it goes to is not.
    @Test func noticeIsHeldAgainstTheWayThatWasPinned() {
        func notice(to recipient: String, formats: [String]? = nil) -> DeliveryPlan {
            named(isNotice: true) {
                ($0.to, $0.formats, $0.attach) = ([recipient], formats, .never)
                ($0.subject, $0.text) = ("Not delivered: tb", "Why")
            }.plan()
        }
        #expect(notice(to: "dana@example.com").status?.pinned == .init(attempt: 1, publication: "p1"))
        #expect(notice(to: "mallory@example.com").condition?.reason == "NameTaken")
        #expect(notice(to: "dana@example.com", formats: ["pdf"]).condition?.reason == "NameTaken")
    }

    /// The run's own was there before it, and is gone: its copies are no matter of this one.
    @Test func copiesOfTheRunsOwnAreLeftAlone() {
        let observed = named { $0.to = ["mallory@example.com"] }
        let theirs = observed.with {
            $0.ledger = .found([Self.copy(of: observed, to: "dana@example.com")])
            $0.delivery.metadata.finalizers = [ReportsAPI.Finalizer.delivery]
        }
        #expect(theirs.plan().actions == [] && theirs.plan().condition?.reason == "NameTaken")
        #expect(theirs.pass().plan(after: 5).kinds == ["removeFinalizer"])
    }

    /// Nothing was kept of the list by a release before this one.
    @Test func recordWithoutTheListIsTrusted() {
        #expect(named(pinned: nil) { $0.to = ["lee@example.com"] }.plan().status?.pinned != nil)
    }

    @Test func aPersonsOwnIsHeldAgainstNothing() {
        let observed = named { $0.to = ["lee@example.com"] }.with { $0.delivery.metadata.name = "by-hand" }
        #expect(observed.plan().status?.pinned != nil)
    }

    @Test func nothingIsSentWhileTheRecordCannotBeRead() {
        let observed = named().with {
            $0.ledger = .found([Self.copy(of: $0, to: "dana@example.com")])
            $0.report = .unknown("MongoDB can't be reached")
        }
        #expect(observed.plan().status?.pinned == nil && observed.plan().isImpatient)
    }

    /// The key says no namespace: whatever becomes of a namesake elsewhere, nobody's copies change and nobody learns of them.
    @Test func namesakeInAnotherNamespaceTouchesNothing() {
        let observed = named { $0.to = ["mallory@example.com"] }.with {
            $0.delivery.metadata.namespace = "elsewhere"
            $0.delivery.metadata.finalizers = [ReportsAPI.Finalizer.delivery]
            $0.ledger = .found([
                Self.copy(of: $0, to: "dana@example.com"), Self.copy(of: $0, to: "lee@example.com", .sent),
            ])
        }
        let over = observed.plan(after: 100_000)
        #expect(over.actions == [] && over.condition?.reason == "ReportNotFound")
        #expect(over.status?.recipients == nil && over.status?.pinned == nil)
        #expect(observed.with { $0.channel = nil }.plan(after: 100_000).actions == [])
        #expect(observed.channel { $0.allowedNamespaces = .init(matchLabels: ["a": "b"]) }.plan().actions == [])
        #expect(observed.deleted().plan(after: 100).kinds == ["removeFinalizer"])
    }
}
