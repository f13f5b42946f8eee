import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

struct DeliveryViewTests {
    private let view = DeliveryView(now: .start.after(90), moments: .utc)
    private let deliveries = [
        ReportDelivery.fixture("new", at: .start.after(60)),
        ReportDelivery.fixture("partly").with(
            .partlyDelivered, [("dana@example.com", .sent), ("lee@example.com", .failed)],
            message: "1 of 2 has it\nmore"),
    ].map { KnownDelivery($0) }

    @Test func deliveriesSayWhereTheyAre() {
        let lines = view.table(deliveries, isWide: false, showsNamespace: true).lines()
            .map { $0.rendered(color: false) }
        #expect(
            lines == [
                "NAMESPACE   NAME     REPORT       CHANNEL   PHASE             SENT   AGE   MESSAGE",
                "finance     new      tb-2026-10   mail      not seen yet             30s",
                "finance     partly   tb-2026-10   mail      PartlyDelivered   1/2    90s   1 of 2 has it",
            ])
    }

    @Test func eachRecipientHasALine() {
        #expect(
            view.recipients(deliveries).map { $0.rendered(color: false) } == [
                "DELIVERY   RECIPIENT          PHASE    AT   DETAIL", "partly     dana@example.com   Sent",
                "partly     lee@example.com    Failed",
            ])
    }

    @Test func eachStateIsToldOnce() {
        var narrator = DeliveryNarrator()
        #expect(
            narrator.lines(deliveries).map { $0.rendered(color: false) } == [
                "partly  PartlyDelivered  1/2  1 of 2 has it"
            ])
        #expect(narrator.lines(deliveries).isEmpty)
    }

    @Test func onlyWhatIsToBeDeliveredIsWaitedFor() {
        var status = ReportRequestStatus()
        status.phase = .succeeded
        status.accepted = AcceptedRun(name: "p", pipeline: .chain("a"), parameters: [:])
        #expect(!RunDeliveries.isExpected(status))
        status.accepted?.deliveries = [DeliverSpec(channel: "mail", when: .failed)]
        #expect(!RunDeliveries.isExpected(status))
        status.accepted?.deliveries?.append(DeliverSpec(channel: "share"))
        #expect(RunDeliveries.isExpected(status))
    }

    @Test func idsAreCompletedOnceOneIsBegun() {
        let request = ReportRequest.fixture().metadata
        let delivery = ReportDelivery.fixture("tb-2026-10-mail").metadata
        func words(_ begun: String) -> [String] {
            Completion.reports(requests: [request], deliveries: [delivery], begun: begun)
        }
        #expect(words("") == ["tb-2026-10", "tb-2026-10-mail"])
        #expect(words("tb") == ["tb-2026-10", "tb-2026-10-mail"])
        #expect(words("5e0") == [request.uid])
    }
}

struct ChannelViewTests {
    private let view = ChannelView(now: .start.after(90), courierNamespace: "report-operator")

    @Test func channelsSayWhetherTheyWork() {
        let misplaced = ReportChannel.mail("misplaced", ready: nil).with { $0.metadata.namespace = "finance" }
        let channels = [
            ReportChannel.mail(default: true), .mail("down", ready: "False", message: "535 wrong password\nmore"),
            .mail("new", ready: nil), misplaced,
        ]
        let lines = view.table(channels, isWide: false).lines().map { $0.rendered(color: false) }
        #expect(
            lines.prefix(4) == [
                "NAME        TYPE   DEFAULT   READY     MESSAGE", "mail        Mail   yes       True",
                "down        Mail             False     535 wrong password",
                "new         Mail             Unknown   the courier hasn't tried it yet",
            ])
        #expect(lines[4].contains("channels are used in the courier's namespace alone, which is report-operator"))
    }

    @Test func aChannelSaysWhoMayUseItAndShowsNoKey() {
        let lines = view.details(.mail(default: true), width: 100).map { $0.rendered(color: false) }
        #expect(lines.contains("Where:       smtps://smtp.example.com:465"), "\(lines)")
        #expect(lines.contains("Recipients:  @example.com") && lines.contains("Secret:      smtp"), "\(lines)")
        #expect(lines.contains("Namespaces:  all") && lines.contains("Tried for:   24h"), "\(lines)")
        let hook = ReportChannelSpec(
            type: .webhook,
            allowedNamespaces: .init(matchLabels: ["a": "b"], matchExpressions: [.init(key: "c", operator: .exists)]),
            webhook: .init(url: "https://h.example.com/x?token=s", credentials: .init(secretRef: .init(name: "k"))))
        #expect(ChannelView.place(hook) == "https://h.example.com/x")
        #expect(ChannelView.text(hook.allowedNamespaces) == "a=b,c")
    }
}

extension ReportChannel {
    fileprivate func with(_ edit: (inout ReportChannel) -> Void) -> ReportChannel {
        var channel = self
        edit(&channel)
        return channel
    }
}
