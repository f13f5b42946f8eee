import AsyncSupport
import ClusterSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import RedisClient
import ReportAPI
import ReportStores
import ServiceLifecycle
import ServiceSupport
import Testing

@testable import ReportController

/// What a message may reach, and what becomes of one whose request can't be made now.
@Suite(.serialized) struct IntakeRuleTests {
    @Test func onlyNamespacesThatSaySoAreReached() async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { own in
            try await cluster.withNamespace { other in
                let reach = IntakeReach(defaultNamespace: own, watchedNamespace: nil)
                let labelled = try #require(reach.labelled)
                let creator = RequestCreator(
                    client: cluster.client, reach: reach, allowsInlinePipelines: false,
                    requests: Store<ReportRequest>(), logger: LiveCluster.logger)
                let reflector = labelled.watch(cluster.client, logger: LiveCluster.logger)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await reflector.run() }
                    try await labelled.store.waitUntilSynced()
                    #expect(await creator.create(Self.message("a")) == .accepted)
                    let refused = Verdict.rejected(
                        reason: "namespace: \"\(other)\" takes no requests from Redis, or isn't there; to allow them: "
                            + "kubectl label namespace \(other) reports.ers.dev/intake=allowed")
                    #expect(await creator.create(Self.message("b", namespace: other)) == refused)
                    #expect(try await Self.names(cluster, other).isEmpty)
                    try await cluster.kubectl("label", "namespace", other, IntakeReach.selector)
                    try await eventually("the label counts") {
                        await creator.create(Self.message("c", namespace: other)) == .accepted
                    }
                    try await cluster.kubectl("label", "namespace", other, ReportsAPI.Label.intake + "-")
                    try await eventually("its end counts") {
                        await creator.create(Self.message("d", namespace: other)) == refused
                    }
                    #expect(try await Self.names(cluster, other).contains("c"))
                    #expect(try await Self.names(cluster, own) == ["a"])
                    group.cancelAll()
                }
            }
        }
    }

    @Test func aMessageThatBringsAPipelineIsRejectedAndMakesNoRequest() async throws {
        try await Outside.run([.redis], "inline") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                let spec = #"{"pipeline":{"stages":[{"name":"one","image":"a"}]}}"#
                _ = try await outside.redis.send(
                    RedisCommand("XADD", "reports:requests", "*", "id", "brought", "spec", .text(spec)))
                _ = try await outside.redis.send(.ask(id: "named"))
                try await outside.waitUntilSettled()
                let reasons = try await outside.rejections()
                #expect(reasons.count == 1)
                #expect(
                    reasons.first?.hasPrefix("spec.pipeline: a message may name a pipeline but not bring one;") == true,
                    "\(reasons)")
                #expect(try await Self.names(bed.cluster, bed.namespace) == ["named"])
            }
        }
    }

    @Test func aMessageWaitsForARequestOfItsNameToGoAndThenMakesItsOwn() async throws {
        try await Outside.run([.redis], "deleted") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false)) { bed in
                try await bed.createPipeline()
                let old = try await bed.create(
                    ReportRequest.self,
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportRequest
                    metadata: {name: again, finalizers: [example.org/hold]}
                    spec: {pipelineRef: {name: report}}
                    """)
                try await bed.deleteRequest("again")
                _ = try await outside.redis.send(.ask(id: "again"))
                try await bed.operator.log.wait(
                    for: "A request from Redis can't be created yet", "is being deleted")
                let pending = RedisCommand("XPENDING", "reports:requests", "report-operator")
                #expect(try await outside.redis.send(pending).array?.first?.integer == 1)
                try await bed.patchRequest("again", "metadata: {finalizers: []}")
                try await outside.waitUntilSettled()
                let new = try await bed.wait(for: "again", phase: .succeeded)
                #expect(new.metadata.uid != old.metadata.uid)
                #expect(try await outside.rejections().isEmpty)
            }
        }
    }

    @Test func aQuotasMessagesAreRejectedInTheEndWithTheServersWords() async throws {
        try await Outside.run([.redis], "quota") { outside in
            try await TestBed.run(stores: outside.stores(mongodb: false, patience: .seconds(5))) { bed in
                let name = "count/reportrequests.reports.ers.dev"
                // One that was made before Kubernetes' quota controller knew the resource isn't counted for minutes.
                try await eventually("the quota counts", within: .seconds(120)) {
                    try await bed.cluster.kubectl(
                        "delete", "resourcequota", "few", "-n", bed.namespace, "--ignore-not-found")
                    try await bed.cluster.apply(
                        """
                        apiVersion: v1
                        kind: ResourceQuota
                        metadata: {name: few}
                        spec: {hard: {\(name): "1"}}
                        """, in: bed.namespace)
                    for _ in 0..<10 {
                        let used = try await bed.cluster.kubectl(
                            "get", "resourcequota", "few", "-n", bed.namespace, "-o", "jsonpath={.status.used}")
                        if used.contains(name) { return true }
                    }
                    return false
                }
                let messages = (0..<3).map { RedisCommand.ask(id: "r-\($0)") }
                for reply in try await outside.redis.sendAll(messages) { #expect(reply.string != nil) }
                try await outside.waitUntilSettled()
                let reasons = try await outside.rejections()
                #expect(reasons.count == 2)
                for reason in reasons {
                    #expect(reason.hasPrefix("refused for 5 s: ") && reason.contains("exceeded quota: few"))
                }
                #expect(try await Self.names(bed.cluster, bed.namespace).count == 1)
                // As soon as there is room it goes on.
                try await bed.cluster.kubectl("delete", "resourcequota", "few", "-n", bed.namespace)
                _ = try await outside.redis.send(.ask(id: "later"))
                try await outside.waitUntilSettled()
                #expect(try await Self.names(bed.cluster, bed.namespace).contains("later"))
            }
        }
    }

    private static func message(_ id: String, namespace: String? = nil) -> IntakeMessage {
        let fields = [IntakeMessage.Field("id", id), .init("pipeline", "daily")]
        return IntakeMessage(entry: "1-0", fields: fields + (namespace.map { [.init("namespace", $0)] } ?? []))
    }

    private static func names(_ cluster: LiveCluster, _ namespace: String) async throws -> [String] {
        try await cluster.client.list(ReportRequest.self, namespace: namespace).items.map(\.metadata.name)
    }
}
