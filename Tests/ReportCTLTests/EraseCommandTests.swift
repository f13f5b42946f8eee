import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

/// The people an erasure refuses, since the cluster would write them down again.
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

    @Test func objectsThatNameTheAddressAreListed() async throws {
        try server.insert(
            ReportRequest.fixture(name: "other", uid: "u-0").spec {
                $0.requester = .init(name: "Lee", email: "lee@example.com")
                $0.parameters = ["email": .string("dana@example.com")]
                $0.deliver = [DeliverSpec(channel: "mail", to: ["adana@example.com"], text: "dana@example.com")]
            })
        // What an alert said is nobody whom a report goes to.
        var spec = ReportTriggerSpec(
            match: .init(labels: ["email": "dana@example.com"]), request: .init(pipelineRef: .init(name: "tb")),
            tokenSHA256: String(repeating: "0", count: 64))
        let metadata = ObjectMeta(name: "stops", namespace: "finance")
        var status = ReportTriggerStatus()
        status.alerts = [
            .init(fingerprint: "f", since: .start, lastNotice: .start, annotations: ["to": "dana@example.com"])
        ]
        try server.insert(ReportTrigger(metadata: metadata, spec: spec, status: status))
        try server.insert(ReportPipeline.fixture())
        #expect(try await refusal() == nil)
        let mail = DeliverSpec(channel: "mail", to: ["lee@example.com", "Dana@example.com"])
        spec.escalation = [.init(after: try #require(ReportDuration("30m")), deliver: [mail])]
        try server.insert(ReportTrigger(metadata: ObjectMeta(name: "steps", namespace: "finance"), spec: spec))
        spec.escalation = nil
        spec.request.deliver = [mail]
        try server.insert(ReportTrigger(metadata: ObjectMeta(name: "first", namespace: "finance"), spec: spec))
        try server.insert(ReportPipeline.fixture("sent", .chain("load").with { $0.deliver = [mail] }))
        try server.insert(
            ReportSchedule(
                metadata: ObjectMeta(name: "monthly", namespace: "finance"),
                spec: .fixture().with { $0.request.spec.requester = .init(email: "dana@example.com") }))
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
        #expect(lines.count == 7, "\(lines)")
        #expect(lines.contains("ReportTrigger finance/first: request.deliver.to"))
        #expect(lines.contains("ReportTrigger finance/steps: escalation.deliver.to"))
        #expect(lines.contains("ReportPipeline finance/sent: deliver.to"))
        #expect(lines.contains("ReportSchedule finance/monthly: request.spec.requester.email"))
        #expect(lines.contains("ReportRequest finance/asked: requester.email"))
        #expect(lines.contains("ReportRequest finance/pinned: accepted.failureNotice.to"))
        #expect(lines.last?.hasPrefix("ReportDelivery finance/sent: ") == true)
    }
}
