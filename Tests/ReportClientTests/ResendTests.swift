import KubernetesModel
import ReportAPI
import ReportClient
import ReportRecords
import TestSupport
import Testing

/// Whereto a report is sent again, and to whom.
struct ResendTests {
    private static let (dana, lee, kim) = ("dana@example.com", "lee@example.com", "kim@example.com")

    private func known(_ deliveries: ReportDelivery...) -> [KnownDelivery] { deliveries.map { KnownDelivery($0) } }

    private func sent(
        _ earlier: [KnownDelivery], _ kind: ReportChannelSpec.Kind? = .mail, _ channel: String = "mail",
        requester: String? = nil, _ edit: (inout Resend.Wish) -> Void = { _ in }
    ) throws -> Resend? {
        var wish = Resend.Wish()
        edit(&wish)
        let outcome = try Resend.outcome(of: wish, channel: channel, kind: kind, earlier: earlier, requester: requester)
        guard case .send(let resend) = outcome else { return nil }
        return resend
    }

    /// Those who may have it already get it only where that is asked for by name.
    @Test func whoLacksItIsNotSaidWhereNotAllCanBeRead() throws {
        let first = known(ReportDelivery.fixture("first", to: [Self.dana]))
        var wish = Resend.Wish()
        func outcome() throws(Resend.Refusal) -> Resend.Outcome {
            try Resend.outcome(of: wish, channel: "mail", kind: .mail, earlier: first, fault: "the document \"d\"")
        }
        guard case .send = try outcome() else { throw Resend.Refusal.noChannel }
        wish.isOnlyMissing = true
        #expect(throws: Resend.Refusal.unknown("the document \"d\"")) { try outcome() }
    }

    @Test func itGoesWhereItWentFirst() throws {
        let first = ReportDelivery.fixture("first", to: [Self.dana]).entry {
            $0.cc = [Self.lee]
            $0.when = .always
            $0.only = ["plant": "north"]
            $0.subject = "Books"
        }
        let second = ReportDelivery.fixture("second", to: [Self.kim], at: .start.after(60))
        let resend = try #require(try sent(known(second, first)))
        #expect(resend.repeats == "first")
        #expect(resend.entry.to == [Self.dana] && resend.entry.cc == [Self.lee])
        #expect(resend.entry.formats == ["pdf", "xlsx"] && resend.entry.subject == "Books")
        // A recipient who got some of the rows doesn't get the others now.
        #expect(resend.entry.only == ["plant": "north"])
        #expect(resend.entry.when == nil)
    }

    @Test func whatIsWantedOtherwiseCounts() throws {
        let first = ReportDelivery.fixture("first", to: [Self.dana]).entry { $0.cc = [Self.lee] }
        let resend = try #require(
            try sent(known(first)) {
                $0.to = [Self.kim]
                $0.formats = ["csv"]
                $0.subject = "S"
                $0.text = "T"
            })
        #expect(
            resend.entry
                == DeliverSpec(channel: "mail", to: [Self.kim], formats: ["csv"], subject: "S", text: "T"))
    }

    /// Of copies and rows what was wanted before counts, until something else is.
    @Test func copiesAndRowsCanBeWantedOtherwise() throws {
        let first = ReportDelivery.fixture("first", to: [Self.dana]).entry {
            $0.cc = [Self.lee]
            $0.only = ["plant": "north"]
        }
        let other = try #require(
            try sent(known(first)) {
                $0.cc = [Self.kim]
                $0.only = ["plant": "south"]
            })
        #expect(other.entry.to == [Self.dana] && other.entry.cc == [Self.kim])
        #expect(other.entry.only == ["plant": "south"])
        let named = try #require(
            try sent(known(first)) {
                $0.to = [Self.lee]
                $0.cc = [Self.kim]
            })
        #expect(named.entry.to == [Self.lee] && named.entry.cc == [Self.kim])
        #expect(named.entry.only == ["plant": "north"])
        let whole = try #require(
            try sent(known(first)) {
                $0.cc = []
                $0.only = [:]
            })
        #expect(whole.entry.cc == nil && whole.entry.only == nil)
    }

    @Test func aReportThatWentNowhereGoesToItsRequester() throws {
        #expect(try sent([], requester: Self.dana)?.entry == DeliverSpec(channel: "mail", to: [Self.dana]))
        #expect(try sent([], .folder, "share", requester: Self.dana)?.entry == DeliverSpec(channel: "share"))
        #expect(throws: Resend.Refusal.nobody(channel: "mail")) { try sent([]) }
    }

    @Test func aNoticeOfAFailureIsNotRepeated() throws {
        let notice = ReportDelivery.fixture("notice", to: [Self.kim]).entry { $0.when = .failed }
        #expect(try Resend.channel(of: .init(), earlier: known(notice)) == nil)
        #expect(try sent(known(notice), requester: Self.dana)?.entry.to == [Self.dana])
    }

    /// Who was told that a mail was too large hasn't got it.
    @Test(arguments: [false, true]) func aNoticeOfAFailedDeliveryIsNoCopy(isGone: Bool) throws {
        var notice = ReportDelivery.fixture("tb-notice", at: .start.after(60)).with(.delivered, [(Self.dana, .sent)])
        notice.metadata.labels[ReportsAPI.Label.notice] = Reason.deliveryFailed
        var copy = DeliveryCopy(
            delivery: "r/1/0/notice", namespace: "finance", name: "tb-notice", reportID: "r", channel: "mail",
            type: "Mail", recipient: Self.dana, phase: .sent, at: Timestamp.start.after(60).date)
        copy.attempt = 1
        let first = ReportDelivery.fixture("first").with(.failed, [(Self.dana, .failed)])
        let earlier = isGone ? KnownDelivery.all([first], ledger: [copy]) : known(notice, first)
        let resend = try #require(try sent(earlier) { $0.isOnlyMissing = true })
        #expect(resend.repeats == "first" && resend.entry.to == [Self.dana])
    }

    @Test func theChannelIsTheOneItWentThroughIfThereIsButOne() throws {
        let mail = ReportDelivery.fixture("a")
        let share = ReportDelivery.fixture("b", channel: "share", to: nil)
        var wish = Resend.Wish()
        #expect(try Resend.channel(of: wish, earlier: []) == nil)
        #expect(try Resend.channel(of: wish, earlier: known(share)) == "share")
        #expect(throws: Resend.Refusal.severalChannels(["mail", "share"])) {
            try Resend.channel(of: wish, earlier: known(mail, share))
        }
        // Only a mail has an address.
        wish.to = [Self.kim]
        #expect(try Resend.channel(of: wish, earlier: known(mail, share)) == "mail")
        wish.channel = "share"
        #expect(try Resend.channel(of: wish, earlier: known(mail, share)) == "share")
    }

    @Test func onlyThoseWhoLackItGetIt() throws {
        let (pat, sam, ann) = ("pat@example.com", "sam@example.com", "ann@example.com")
        let first = ReportDelivery.fixture("first", to: [Self.dana, Self.lee, Self.kim, pat]).entry { $0.cc = [sam] }
            .with(
                .partlyDelivered,
                [(Self.dana, .sent), (Self.lee, .failed), (Self.kim, .unknown), (pat, .cancelled), (sam, .failed)])
        // One that the courier is at, of Lee under another spelling, and of one whom it has not listed yet.
        let second = ReportDelivery.fixture("second", to: ["Lee@EXAMPLE.com", ann], at: .start.after(9))
            .with(.sending, [("Lee@EXAMPLE.com", .pending)])
        let resend = try #require(try sent(known(first, second)) { $0.isOnlyMissing = true })
        #expect(resend.entry.to == [pat, sam] && resend.entry.cc == nil)
        #expect(resend.unknown == [Self.kim])
        #expect(resend.underway == [Self.lee, ann])
        let also = try sent(known(first)) {
            $0.isOnlyMissing = true
            $0.includesUnknown = true
        }
        #expect(also?.entry.to == [Self.lee, Self.kim, pat, sam] && also?.unknown == [])
        // Of those who are named.
        let named = try sent(known(first)) {
            $0.isOnlyMissing = true
            $0.to = [Self.dana, "new@example.com"]
        }
        #expect(named?.entry.to == ["new@example.com"])
    }

    @Test func whatWasSentOnceStaysSent() throws {
        let first = ReportDelivery.fixture("first").with(.delivered, [(Self.dana, .sent)])
        let second = ReportDelivery.fixture("second", at: .start.after(9)).with(.failed, [(Self.dana, .failed)])
        var wish = Resend.Wish()
        wish.isOnlyMissing = true
        #expect(
            try Resend.outcome(of: wish, channel: "mail", kind: .mail, earlier: known(first, second))
                == .nobodyLacksIt(unknown: [], underway: []))
        #expect(throws: Resend.Refusal.nothingBefore(channel: "share")) {
            try Resend.outcome(of: wish, channel: "share", kind: .folder, earlier: known(first))
        }
    }

    @Test(arguments: [ReportChannelSpec.Kind.folder, nil])
    func aChannelWithoutAddressesHasOneCopy(kind: ReportChannelSpec.Kind?) throws {
        func resend(_ phase: ReportDeliveryStatus.Recipient.Phase) throws -> DeliverSpec? {
            let first = ReportDelivery.fixture("first", channel: "share", to: nil).with(.failed, [("share", phase)])
            return try sent(known(first), kind, "share") { $0.isOnlyMissing = true }?.entry
        }
        #expect(try resend(.failed) == DeliverSpec(channel: "share", formats: ["pdf", "xlsx"]))
        #expect(try resend(.sent) == nil)
        #expect(try resend(.unknown) == nil)
    }
}
