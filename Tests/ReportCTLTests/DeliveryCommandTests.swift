import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

/// Finding a report and sending it again, on an API server in this process.
struct DeliveryCommandTests {
    private let server = InMemoryAPIServer()
    private let id = ReportRequest.fixture().metadata.uid

    private var session: Session {
        Session(
            cluster: ReportCluster(client: server.client, namespace: "finance"),
            configuration: ClientConfiguration(server: "https://example.com"), place: ["-n", "finance"],
            clusterPlace: [])
    }

    private static let unreachable = Trouble("the address of MongoDB isn't known", advice: ["export MONGODB_URI=…"])

    private func find(_ text: String, isNamespaceGiven: Bool = false) async throws -> NamedReport {
        try await NamedReport.find(text, session, isNamespaceGiven: isNamespaceGiven) { _ in throw Self.unreachable }
    }

    private func resending(_ report: NamedReport) -> Resending {
        Resending(session: session, courierNamespace: "report-operator", report: report)
    }

    private func wish(_ edit: (inout Resend.Wish) -> Void) -> Resend.Wish {
        var wish = Resend.Wish()
        edit(&wish)
        return wish
    }

    @Test func aReportIsFoundByNameByIDAndByDelivery() async throws {
        try server.insert(ReportRequest.fixture().ended(.succeeded))
        try server.insert(ReportDelivery.fixture("first"))
        try server.insert(ReportDelivery.fixture("other", of: "another-report"))
        for text in ["tb-2026-10", id, "first"] {
            let found = try await find(text)
            #expect(found.id == id && found.name == "tb-2026-10" && found.namespace == "finance")
            #expect(found.deliveries.map(\.metadata.name) == ["first"])
            #expect(found.delivery?.metadata.name == (text == "first" ? "first" : nil))
        }
    }

    /// Months later: the request is gone, and with it its name.
    @Test func anIDIsEnoughWhereTheNamespaceIsNamed() async throws {
        let found = try await find(id, isNamespaceGiven: true)
        #expect(found.id == id && found.namespace == "finance" && found.name == nil)
        let trouble = try await #require(throws: Trouble.self) { try await find(id) }
        #expect(trouble.message.contains("the address of MongoDB isn't known"))
        #expect(trouble.advice.contains("or, for a report's id, name its namespace: -n NAMESPACE"))
        await #expect(throws: Trouble.self) { try await find("nothing", isNamespaceGiven: true) }
    }

    @Test func aResendIsAResourceOfItsOwn() async throws {
        try server.insert(ReportRequest.fixture().ended(.succeeded))
        try server.insert(ReportDelivery.fixture("first").with(.delivered, [("dana@example.com", .sent)]))
        try server.insert(ReportChannel.mail())
        let resending = resending(try await find("tb-2026-10"))
        let plan = try #require(
            try await resending.plan(
                wish {
                    $0.to = ["lee@example.com"]
                    $0.formats = ["pdf"]
                }))
        let made = try await resending.create(plan)
        #expect(made.metadata.name.wholeMatch(of: /tb-2026-10-resend-[a-z0-9]{5}/) != nil)
        #expect(made.metadata.labels[ReportsAPI.Label.request] == "tb-2026-10")
        #expect(
            made.spec.value
                == ReportDeliverySpec(
                    reportID: id, entry: DeliverSpec(channel: "mail", to: ["lee@example.com"], formats: ["pdf"])))
        #expect(server.all(ReportDelivery.self).count == 2)
        #expect(Resending.lines(plan) == ["through mail, to lee@example.com, as pdf, as first was"])
    }

    /// A mail must not go out twice because an answer got lost.
    @Test func aLostAnswerMakesOneDelivery() async throws {
        let losing = InMemoryAPIServer { call in call.verb == .create && call.number == 0 ? .replyLost : nil }
        let cluster = ReportCluster(client: losing.client, namespace: "finance")
        let spec = ReportDeliverySpec(reportID: id, entry: DeliverSpec(channel: "mail", to: ["dana@example.com"]))
        _ = try await DeliveryCreation(cluster, namespace: "finance", spec: spec, label: nil).create(base: "tb-resend")
        #expect(losing.all(ReportDelivery.self).count == 1)
    }

    @Test func withoutEarlierDeliveriesTheDefaultMailChannelAndTheRequesterCount() async throws {
        try server.insert(
            ReportRequest.fixture().spec { $0.requester = .init(email: "dana@example.com") }.ended(.succeeded))
        let resending = resending(try await find("tb-2026-10"))
        let none = try await #require(throws: Trouble.self) { try await resending.plan(Resend.Wish()) }
        #expect(none.code == .usage && none.message.hasSuffix("no default channel of type Mail: give --channel"))
        try server.insert(ReportChannel.mail("younger", default: true, at: .start.after(9)))
        try server.insert(ReportChannel.mail("older", default: true))
        try server.insert(ReportChannel.mail("plain"))
        #expect(
            try await resending.plan(Resend.Wish())?.entry == DeliverSpec(channel: "older", to: ["dana@example.com"]))
    }

    @Test(
        arguments: [
            (["mal@elsewhere.example"], "mail", "--to: \"mal@elsewhere.example\" is not among the channel's"),
            (["a", "b@example.com"], "mail", "--to: \"a\" is not one plain address"),
            ([], "nothing", "there is no channel \"nothing\" in namespace report-operator"),
        ])
    func whatTheChannelWouldRefuseIsSaidBefore(to: [String], channel: String, message: String) async throws {
        try server.insert(ReportRequest.fixture().ended(.succeeded))
        try server.insert(ReportChannel.mail())
        let resending = resending(try await find("tb-2026-10"))
        let trouble = try await #require(throws: Trouble.self) {
            try await resending.plan(
                wish {
                    $0.to = to
                    $0.channel = channel
                })
        }
        #expect(trouble.message.contains(message), "\(trouble)")
        #expect(server.all(ReportDelivery.self).isEmpty)
    }

    /// Somebody with rights in a namespace alone.
    @Test func whoMayNotLookAtChannelsIsToldSoAndCanSendAllTheSame() async throws {
        let strict = InMemoryAPIServer { call in
            guard call.resource.hasPrefix("reportchannels") else { return nil }
            return .refused(APIStatus(message: "no", reason: "Forbidden", code: 403))
        }
        try strict.insert(ReportRequest.fixture().ended(.succeeded))
        let session = Session(
            cluster: ReportCluster(client: strict.client, namespace: "finance"),
            configuration: ClientConfiguration(server: "https://example.com"), place: [], clusterPlace: [])
        let trouble = try await #require(throws: Trouble.self) {
            try await Channels(session, in: "report-operator").all()
        }
        #expect(
            trouble.message.hasPrefix("you may not look at channels in namespace report-operator"), "\(trouble)")
        #expect(trouble.advice[0].contains("ask the cluster's operator which channels your namespace may use"))
        let report = try await NamedReport.find("tb-2026-10", session, isNamespaceGiven: false) { _ in
            throw Self.unreachable
        }
        let plan = try await Resending(session: session, courierNamespace: "report-operator", report: report).plan(
            wish {
                $0.channel = "mail"
                $0.to = ["lee@example.com"]
            })
        #expect(plan?.entry.to == ["lee@example.com"])
    }
}
