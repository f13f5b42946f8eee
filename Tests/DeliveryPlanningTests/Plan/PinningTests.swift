import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// What a delivery's spec leaves out is decided once.
@Suite struct PinningTests {
    private func pinned(_ observed: ObservedDelivery) -> ReportDeliveryStatus.Pinned? {
        observed.plan().status?.pinned
    }

    @Test func firstLookPinsAttemptPublicationFormatsAndRecipientsAndDoesNothingElse() throws {
        let observed = ObservedDelivery.fixture(to: "dana@example.com", formats: ["pdf", "xlsx"]) {
            $0.cc = ["audit@partner.example"]
        }
        let plan = observed.plan()
        #expect(plan.actions == [])
        let status = try #require(plan.status)
        #expect(status.pinned == .init(attempt: 1, publication: "p1", formats: ["pdf", "xlsx"]))
        #expect(status.recipients == [.init(to: "dana@example.com"), .init(to: "audit@partner.example")])
        #expect(status.phase == .rendering && status.sent == "0/2" && status.message == "2 copies to send")
        #expect(status.observedGeneration == 1)
    }

    @Test func pinOutlivesWhatBecomesOfTheReport() {
        let observed = ObservedDelivery.fixture().pass()
            .report(.succeeded(attempt: 2, published: .init(attempt: 2, id: "p2", rows: 1), formats: [.csv]))
        #expect(observed.pass().delivery.status?.pinned == .init(attempt: 1, publication: "p1", formats: ["pdf"]))
    }

    /// Rows of an earlier attempt than the one that succeeded: it hadn't to read them again.
    @Test(arguments: [nil, 2])
    func attemptIsThatOfTheRowsWhichMayBeLowerThanTheRequests(asked: Int?) {
        let observed = ObservedDelivery.fixture { $0.attempt = asked }.report(
            .succeeded(attempt: 2, earlier: [1: .failed]))
        #expect(pinned(observed) == .init(attempt: 1, publication: "p1", formats: ["pdf"]))
    }

    @Test(arguments: [ReportRequestStatus.Phase.running, .failed, .cancelled])
    func whatAnEarlierAttemptPublishedStandsWhileALaterOneGoesOnOrHasFailed(phase: ReportRequestStatus.Phase) {
        let report = ObservedDelivery.Report.ended(
            phase, attempt: 2, published: .init(attempt: 1, id: "p1", rows: 3), earlier: [1: .succeeded])
        #expect(pinned(.fixture().report(report)) == .init(attempt: 1, publication: "p1", formats: ["pdf"]))
        #expect(pinned(.fixture { $0.attempt = 1 }.report(report))?.publication == "p1")
    }

    /// It isn't tried for ever: nobody brings it back on its own.
    @Test func offloadedReportIsNotSentAndItsDeliveryEnds() throws {
        let offload = Offload(archive: "/archive", at: .start, sha256: "")
        let publication = ObservedDelivery.Publication(attempt: 1, id: "p1", rows: 3, offloaded: offload)
        let observed = ObservedDelivery.fixture().report(.succeeded(published: publication))
        let plan = observed.plan()
        #expect(plan.actions == [] && plan.wakeAt == nil)
        let status = try #require(plan.status)
        #expect(status.phase == .failed && status.pinned == nil)
        let condition = try #require(status.conditions?.first)
        #expect(condition.reason == "Offloaded" && condition.status == "False")
        #expect(condition.message.contains("/archive; bring them back with: reportctl archive restore "))
    }

    /// Files are made of a run that succeeded alone, though one that failed may have published rows.
    @Test func rowsOfAFailedAttemptAreNotSentWhileTheNextOneGoesOn() {
        let report = ObservedDelivery.Report.ended(
            .running, attempt: 2, published: .init(attempt: 1, id: "p1", rows: 3), earlier: [1: .failed])
        let plan = ObservedDelivery.fixture().report(report).plan()
        #expect(plan.status?.pinned == nil)
        #expect(plan.status?.phase == .pending)
        #expect(plan.status?.message == "the report is Running; it is sent once it has succeeded")
        #expect(plan.wakeAt == .start.after(30))
    }

    @Test func attemptThatHasPublishedNothingThatCountsHasNothingToSend() {
        let report = ObservedDelivery.Report.succeeded(attempt: 3, published: .init(attempt: 3, id: "p3", rows: 3))
        let plan = ObservedDelivery.fixture { $0.attempt = 2 }.report(report).plan()
        #expect(plan.status?.phase == .failed && plan.condition?.reason == "NothingToDeliver")
        #expect(plan.status?.message?.contains("attempt 2 published nothing that counts") == true)
    }

    // MARK: Formats by the channel's type

    private static let mail = ReportChannelSpec.Kind.mail

    @Test(arguments: [
        (mail, ["pdf"]), (.sharePoint, ["pdf"]), (.folder, ["pdf"]), (.webhook, []), (.mqtt, []), (.teams, []),
    ])
    func formatsThatNobodyAskedForAreTheChannelsOwn(kind: ReportChannelSpec.Kind, formats: [String]) {
        #expect(pinned(.fixture(kind, formats: nil))?.formats ?? [] == formats)
    }

    @Test(arguments: [
        (mail, ["csv"]), (.sharePoint, ["csv"]), (.folder, ["csv"]), (.webhook, ["csv"]), (.mqtt, []), (.teams, []),
    ])
    func formatsThatTheRequestWantedCountWhereTheDeliveryNamesNone(kind: ReportChannelSpec.Kind, formats: [String]) {
        let observed = ObservedDelivery.fixture(kind, formats: nil).report(.succeeded(formats: [.csv]))
        #expect(pinned(observed)?.formats ?? [] == formats)
    }

    @Test func formatsOfTheDeliveryCountFirst() {
        for kind in [Self.mail, .sharePoint, .folder, .webhook] {
            let observed = ObservedDelivery.fixture(kind, formats: ["xlsx"]).report(.succeeded(formats: [.csv]))
            #expect(pinned(observed)?.formats == ["xlsx"])
        }
    }

    @Test func teamsTakesFilesWhereItHasASharePointToPutThem() {
        let observed = ObservedDelivery.fixture(.teams, formats: nil).channel { $0.teams?.sharePointChannel = "drive" }
        #expect(pinned(observed)?.formats == ["pdf"])
    }

    @Test func linkAloneHasNoFile() {
        #expect(pinned(.fixture { $0.attach = .never }) == .init(attempt: 1, publication: "p1"))
    }

    @Test func channelWithoutAddressesIsItsOnlyRecipient() {
        #expect(ObservedDelivery.fixture(.folder).plan().status?.recipients == [.init(to: "books")])
    }

    // MARK: When and unless

    @Test func emptyReportIsNotSentUnlessItIsWanted() throws {
        let report = ObservedDelivery.Report.succeeded(published: .init(attempt: 1, id: "p1", rows: 0))
        let status = try #require(ObservedDelivery.fixture { $0.unless = .empty }.report(report).plan().status)
        #expect(status.phase == .delivered && status.sent == "0/1")
        #expect(status.message == "nothing was sent: the report has no rows, and unless is Empty")
        #expect(status.recipients?.first?.phase == .cancelled)
        #expect(pinned(.fixture().report(report)) != nil)
        #expect(pinned(.fixture { $0.unless = .empty }) != nil)
        // A report that publishes no rows at all may be a file of a stage's own.
        #expect(pinned(.fixture { $0.unless = .empty }.report(.succeeded(published: nil))) != nil)
    }

    @Test(arguments: [
        (DeliverSpec.When?.none, ReportRequestStatus.Phase.succeeded, true), (nil, .failed, false),
        (nil, .cancelled, false),
        (.succeeded, .failed, false), (.failed, .succeeded, false), (.failed, .failed, true),
        (.failed, .cancelled, false), (.always, .succeeded, true), (.always, .failed, true),
        (.always, .cancelled, true),
    ])
    func whenDecidesByTheRunsEnd(when: DeliverSpec.When?, phase: ReportRequestStatus.Phase, isSent: Bool) {
        let publication = ObservedDelivery.Publication(attempt: 1, id: "p1", rows: 1)
        let plan = ObservedDelivery.fixture { $0.when = when }.report(.ended(phase, published: publication)).plan()
        guard isSent else {
            #expect(plan.status?.phase == .failed && plan.condition?.reason == "NothingToDeliver")
            #expect(plan.status?.message?.hasPrefix("nothing to send: ") == true)
            return
        }
        // A notice of a failure has no files, and no rows.
        #expect(
            plan.status?.pinned
                == (phase == .succeeded
                    ? .init(attempt: 1, publication: "p1", formats: ["pdf"]) : .init(attempt: 1)))
    }

    @Test func nothingToSendSaysHowTheReportEndedAndWhatToDo() {
        let report = ObservedDelivery.Report.ended(.failed, message: "stage load exited with 3")
        #expect(
            ObservedDelivery.fixture().report(report).plan().status?.message
                == "nothing to send: the report Failed (stage load exited with 3); retry it (kubectl report retry), "
                + "or set when to Always for a notice")
    }

    // MARK: What can never be sent

    @Test func faultsOfTheSpecEndIt() {
        let plan = ObservedDelivery.fixture { $0.formats = ["doc"] }.plan()
        #expect(plan.status?.phase == .failed && plan.condition?.reason == "InvalidSpec")
        #expect(plan.status?.message == #"spec.formats[0]: "doc" is not one of pdf, xlsx, csv, html, json"#)
        let broken = ObservedDelivery.fixture().with { $0.delivery.spec = .fault("spec.to: expected a list") }.plan()
        #expect(broken.status?.message == "spec.to: expected a list" && broken.condition?.reason == "InvalidSpec")
    }

    @Test func stricterCheckOfALaterVersionDoesNotStopWhatHasBegun() {
        let observed = ObservedDelivery.fixture().pass().with {
            $0.delivery.spec = .value(
                .init(reportID: "0b8f", entry: .init(channel: "books", to: ["dana@example.com"], formats: ["doc"])))
        }
        #expect(observed.plan().kinds == ["makeFiles pdf"])
    }

    @Test func channelThatHasBecomeOneOfAnotherTypeIsAFault() {
        let observed = ObservedDelivery.fixture().ready().with { $0.channel?.spec = .value(.sound(.folder)) }
        let plan = observed.plan()
        #expect(plan.kinds == ["end dana@example.com Failed"])
        #expect(plan.ended.first?.reason == "InvalidSpec")
    }

    @Test func namespaceThatTheChannelDoesNotTakeEndsIt() {
        let observed = ObservedDelivery.fixture().channel {
            $0.allowedNamespaces = NamespaceSelector(matchLabels: ["mail": "allowed"])
        }
        let plan = observed.plan()
        #expect(plan.status?.phase == .failed && plan.condition?.reason == "NamespaceNotAllowed")
        #expect(plan.status?.message?.contains("doesn't take reports of the namespace finance") == true)
        #expect(observed.with { $0.namespaceLabels = ["mail": "allowed"] }.plan().status?.pinned != nil)
        // Checked again as long as something is to be sent, with the labels of the moment.
        let later = ObservedDelivery.fixture().ready().with {
            $0.channel = observed.channel
        }.pass()
        #expect(later.copy()?.phase == .failed && later.copy()?.reason == "NamespaceNotAllowed")
        #expect(later.plan().condition?.reason == "NamespaceNotAllowed")
    }
}
