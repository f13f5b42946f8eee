import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

/// Whom an erasure refuses, since the cluster would write them down again.
struct EraseCommandTests {
    private let server = InMemoryAPIServer()

    private func refusal() async throws -> [String]? {
        let session = Session(
            cluster: ReportCluster(client: server.client, namespace: "finance"),
            configuration: ClientConfiguration(server: "https://example.com"), place: [], clusterPlace: [])
        do {
            try await EraseCommand.refuseLive("dana@example.com", session)
            return nil
        } catch let trouble as Trouble { return trouble.advice }
    }

    @Test func requestsSchedulesAndDeliveriesThatNameTheAddressAreListed() async throws {
        try server.insert(
            ReportRequest.fixture(name: "other", uid: "u-0").spec {
                $0.requester = .init(name: "Lee", email: "lee@example.com")
                $0.parameters = ["email": .string("dana@example.com")]
                $0.deliver = [DeliverSpec(channel: "mail", to: ["adana@example.com"], text: "dana@example.com")]
            })
        #expect(try await refusal() == nil)
        try server.insert(
            ReportRequest.fixture(name: "asked", uid: "u-1").spec {
                $0.requester = .init(name: "Dana", email: "Dana@Example.com")
            })
        try server.insert(
            ReportRequest.fixture(name: "pinned", uid: "u-2").status {
                $0.accepted = AcceptedRun(
                    name: "tb", pipeline: .chain("load"), parameters: [:],
                    failureNotice: DeliverSpec(channel: "mail", to: ["dana@example.com"]))
            })
        let delivery = ReportDelivery.fixture("sent").with(.delivered, [("dana@example.com", .sent)])
        try server.insert(delivery)
        let lines = try await refusal() ?? []
        #expect(lines.count == 3, "\(lines)")
        #expect(lines.contains("ReportRequest finance/asked: requester.email"))
        #expect(lines.contains("ReportRequest finance/pinned: accepted.failureNotice.to"))
        #expect(lines.last?.hasPrefix("ReportDelivery finance/sent: ") == true)
    }
}
