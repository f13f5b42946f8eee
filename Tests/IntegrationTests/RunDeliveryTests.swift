import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Synchronization
import Testing

/// What goes out at a run's end, on a real API server. The test is the courier.
@Suite struct RunDeliveryTests {
    private static let archiving = "deliver: [{channel: archive, formats: [pdf]}]"

    @Test func aRunMakesItsDeliveryAndSaysWhatBecameOfIt() async throws {
        try await TestBed.run(makesDeliveries: true) { bed in
            try await bed.createPipeline(more: Self.archiving)
            let request = try await bed.createRequest()
            let delivery = try #require(try await Self.deliveries(bed).first)
            let spec = try #require(delivery.spec.value)
            #expect(spec.reportID == request.metadata.uid)
            #expect(spec.channel == "archive" && spec.formats == ["pdf"] && spec.when == .succeeded)
            #expect(delivery.metadata.ownerReferences.isEmpty)
            try await bed.wait("it is on its way") { $0.condition(.delivered)?.status == "Unknown" }
            try await Self.end(delivery, .failed, bed)
            let done = try await bed.wait("its delivery has failed") { $0.condition(.delivered)?.status == "False" }
            #expect(done.status?.phase == .succeeded)
            #expect(done.condition(.delivered)?.message.contains("the folder is full") == true)
            let table = try await bed.cluster.kubectl("get", "rr", "-n", bed.namespace)
            #expect(table.contains("DELIVERED") && table.contains("DeliveryFailed"))
            try await bed.deleteRequest()
            _ = try await bed.cluster.wait(for: ReportRequest.self, "run", in: bed.namespace, "it is gone") {
                $0 == nil
            }
            #expect(try await Self.deliveries(bed).count == 1)
        }
    }

    /// Its answer is lost, too: the next operator finds the notice by its name.
    @Test func aDeliveryThatHasFailedIsToldToTheRequesterOnce() async throws {
        try await KubectlProxy.run { upstream in
            let creations = Mutex(0)
            let proxy = FaultProxy(upstream: upstream) { call in
                guard call.method == "POST", call.path.contains("/reportdeliveries") else { return .none }
                // The delivery's own comes before it.
                return creations.withLock {
                    $0 += 1
                    return $0 == 2 ? .loseAnswerAndCrash : .none
                }
            }
            try await TestBed.run(makesDeliveries: true, prepare: { _, _ in proxy.configuration }) { bed in
                try await bed.create(
                    ReportChannel.self,
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportChannel
                    metadata: {name: mail}
                    spec:
                      type: Mail
                      default: true
                      allowedNamespaces: {}
                      mail: {server: "smtps://smtp.example.com:465", from: r@example.com, allowedRecipients: ["@example.com"]}
                    """)
                try await bed.createPipeline(more: Self.archiving)
                try await bed.createRequest(more: "requester: {name: Dana, email: dana@example.com}")
                let delivery = try #require(try await Self.deliveries(bed).first)
                try await Self.end(delivery, .failed, bed)
                await proxy.waitForCrash()
                bed.operator.crash()
                try await bed.withOperator(bed.cluster.configuration, makesDeliveries: true) { _ in
                    try await bed.wait("its end is told") { $0.condition(.delivered)?.status == "False" }
                    let all = try await Self.deliveries(bed)
                    let notice = try #require(all.first { $0.metadata.uid != delivery.metadata.uid })
                    #expect(all.count == 2 && notice.spec.value?.to == ["dana@example.com"])
                    #expect(notice.spec.value?.text?.contains("the folder is full") == true)
                    // Its own failure is told to nobody.
                    try await Self.end(notice, .failed, bed)
                    try await bed.createRequest("after", more: "deliver: []")
                    try await bed.wait(for: "after", phase: .succeeded)
                    #expect(try await Self.deliveries(bed).count == 2)
                }
            }
        }
    }

    @Test func aRequestsDeliverNeverChanges() async throws {
        try await TestBed.run(makesDeliveries: true) { bed in
            try await bed.createPipeline(more: TestBed.heldStages("one"))
            try await bed.createRequest(more: Self.archiving)
            let accepted = try await bed.wait("accepted") { $0.status?.accepted != nil }
            #expect(accepted.status?.accepted?.deliveries?.map(\.channel) == ["archive"])
        }
    }

    /// The answer to the creation is lost, and the operator with it; another one takes over.
    @Test func anOperatorThatEndsAtTheCreationLeavesOneDelivery() async throws {
        try await KubectlProxy.run { upstream in
            let proxy = FaultProxy(upstream: upstream) { call in
                let isCreation = call.method == "POST" && call.path.contains("/reportdeliveries")
                return isCreation ? .loseAnswerAndCrash : .none
            }
            try await TestBed.run(makesDeliveries: true, prepare: { _, _ in proxy.configuration }) { bed in
                try await bed.createPipeline(more: Self.archiving)
                try await bed.createRequest()
                await proxy.waitForCrash()
                bed.operator.crash()
                try await bed.withOperator(bed.cluster.configuration) { _ in
                    try await bed.wait("its delivery is made") {
                        $0.condition(.delivered)?.message.contains("on the way") ?? false
                    }
                    let made = try await Self.deliveries(bed)
                    #expect(made.count == 1)
                    for delivery in made { try await Self.end(delivery, .delivered, bed) }
                    try await bed.wait("delivered") { $0.condition(.delivered)?.isTrue ?? false }
                }
                let creations = try AuditLog.ofEnvironment().creations(of: "reportdeliveries", in: bed.namespace)
                #expect(creations.count == 1 && creations.values.allSatisfy { $0 == 1 }, "\(creations)")
            }
        }
    }

    /// What had ended before there were deliveries sends nothing, whatever the default channel.
    @Test func finishedRequestsOfBeforeSendNothing() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            for name in ["a", "b", "c"] { try await bed.createRequest(name) }
            try await bed.createRequest("refused", more: "parameters: {x: 1}")
            for name in ["a", "b", "c"] { try await bed.wait(for: name, phase: .succeeded) }
            try await bed.wait(for: "refused", phase: .failed)
            await bed.operator.stop()
            try await bed.create(
                ReportChannel.self,
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportChannel
                metadata: {name: archive}
                spec:
                  type: Folder
                  default: true
                  allowedNamespaces: {}
                  folder: {volume: /reports, path: "{namespace}/{report}"}
                """)
            try await bed.withOperator(bed.cluster.configuration, makesDeliveries: true) { _ in
                // One of afterwards, so that it is known when all of them have been looked at.
                try await bed.createRequest("after")
                let made = try await Self.deliveries(bed)
                #expect(made.compactMap { $0.metadata.labels[ReportsAPI.Label.request] } == ["after"])
            }
        }
    }

    private static func deliveries(_ bed: TestBed) async throws -> [ReportDelivery] {
        try await bed.cluster.wait(forAll: ReportDelivery.self, in: bed.namespace, "there is a delivery") {
            !$0.isEmpty
        }
    }

    /// As the courier says it.
    private static func end(
        _ delivery: ReportDelivery, _ phase: ReportDeliveryStatus.Phase, _ bed: TestBed
    ) async throws {
        _ = try await bed.cluster.client.patch(
            ReportDelivery.self, name: delivery.metadata.name, namespace: bed.namespace,
            merge: try JSONValue.yaml("status: {phase: \(phase.rawValue), message: the folder is full}"),
            subresource: .status)
    }
}
