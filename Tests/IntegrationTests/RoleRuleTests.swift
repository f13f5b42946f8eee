import ClusterSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import MongoClient
import PrometheusMetrics
import RedisClient
import ReportAPI
import ReportController
import ReportRecords
import ReportStores
import ServiceLifecycle
import ServiceSupport
import Testing

/// The operator's role is the least it needs: without any one permission something breaks, and the operator says which it
/// lacks. That it is enough is shown end to end, where the operator runs under it.
@Suite struct RoleRuleTests {
    typealias Proof = @Sendable (ReducedRole) async throws -> Void

    @Test(arguments: Permission.all) func withoutItSomethingBreaksAndSaysSo(permission: Permission) async throws {
        let proof = try #require(
            Self.proofs[permission.description], "nothing shows what \(permission) is needed for")
        try await proof(ReducedRole(missing: permission))
    }

    @Test func everyProofIsOfAPermissionThatIsGiven() {
        #expect(Set(Self.proofs.keys).subtracting(Permission.all.map(\.description)).isEmpty)
    }

    private static let proofs: [String: Proof] = requestProofs.merging(scheduleProofs) { one, _ in one }
        .merging(triggerProofs) { one, _ in one }
        .merging(deliveryProofs) { one, _ in one }

    private static let requestProofs: [String: Proof] = [
        "reportpipelines.reports.ers.dev list": isNeverReady,
        "reportrequests.reports.ers.dev list": isNeverReady,
        "jobs.batch list": isNeverReady,
        "pods list": isNeverReady,
        "reportpipelines.reports.ers.dev watch": hearsOfNoChange,
        "reportrequests.reports.ers.dev watch": hearsOfNoChange,
        "jobs.batch watch": hearsOfNoChange,
        "pods watch": hearsOfNoChange,
        "reportrequests.reports.ers.dev create": requestFromRedisIsNotMade,
        "reportrequests.reports.ers.dev get": lostAnswerIsNotReadBack,
        "reportrequests.reports.ers.dev patch": finalizerIsNotSet,
        "reportrequests.reports.ers.dev delete": requestStaysBeyondItsTime,
        "reportrequests.reports.ers.dev/status patch": statusStaysEmpty,
        "reportrequests.reports.ers.dev/finalizers update": jobIsNotOwned,
        "jobs.batch create": stageDoesNotStart,
        "jobs.batch get": lostJobIsNotNoticed,
        "jobs.batch delete": cancelledStageGoesOn,
        "persistentvolumeclaims create": workspaceIsNotClaimed,
        "persistentvolumeclaims get": claimIsNotRecognised,
        "persistentvolumeclaims delete": claimStays,
        "events create": endIsNoEvent,
        "namespaces list": { try await labelledNamespacesStayUnknown($0, "Can't list objects") },
        "namespaces get": namespaceIsNotRecorded,
        "namespaces watch": { try await labelledNamespacesStayUnknown($0, "Can't watch objects") },
        "events list": whatKeepsAStageIsNotRead,
        "pods/log get": logIsNotKept,
        "leases.coordination.k8s.io get": { try await neverLeads($0, "Can't read the lease") },
        "leases.coordination.k8s.io create": { try await neverLeads($0, "Can't create the lease") },
        "leases.coordination.k8s.io patch": { try await neverLeads($0, "Can't write the lease", holder: .some(nil)) },
        "leases.coordination.k8s.io watch": { try await neverLeads($0, "Can't watch the lease", holder: "other") },
    ]

    // MARK: Reading

    private static func isNeverReady(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.operator.log.wait(for: "Can't list objects", role.refusal, "advice=allow its")
            #expect(!bed.operator.controller.isReady)
        }
    }

    static func hearsOfNoChange(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.operator.log.wait(for: "Can't watch objects", role.refusal, "advice=allow its")
        }
    }

    // MARK: Requests

    private static func requestFromRedisIsNotMade(_ role: ReducedRole) async throws {
        try await Outside.run([.redis], "role") { outside in
            try await role.bed(stores: outside.stores(mongodb: false)) { bed in
                _ = try await outside.redis.send(.ask(id: "asked"))
                try await bed.operator.log.wait(for: "A request from Redis can't be created yet", role.refusal)
                #expect(try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items.isEmpty)
            }
        }
    }

    /// Namespaces belong to no namespace, so this needs a role of the cluster's; and who looks at them alone.
    private static func labelledNamespacesStayUnknown(_ role: ReducedRole, _ words: String) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            let rules = JSONValue.array(
                Permission.all.filter { $0.resource == "namespaces" && $0 != role.missing }.map(\.rule))
            try await cluster.apply(
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: \(namespace)}
                rules: \(String(decoding: rules.jsonText, as: UTF8.self))
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: \(namespace)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(namespace)}
                subjects: [{kind: ServiceAccount, name: operator, namespace: \(namespace)}]
                """, in: namespace)
            let log = LogLines()
            let client = KubernetesClient(
                configuration: ReducedRole.serviceAccount(cluster.configuration, namespace),
                userAgent: "report-operator/test", logger: log.logger)
            let reflector = Reflector(
                store: Store<Namespace>(), source: ClientListerWatcher<Namespace>(client: client),
                name: "namespaces", logger: log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await reflector.run() }
                try await log.wait(for: words, role.refusal, "advice=allow its")
                group.cancelAll()
            }
            try await cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace)
        }
    }

    private static func lostAnswerIsNotReadBack(_ role: ReducedRole) async throws {
        try await role.bed(losingAnswerOf: "PATCH", toPathsOf: "/reportrequests/run/status") { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.operator.log.wait(for: "Status write outcome unknown; read-back failed", role.refusal)
            #expect(try await bed.jobs().isEmpty)
        }
    }

    private static func finalizerIsNotSet(_ role: ReducedRole) async throws {
        // A MongoDB that is away: what matters is that there is to be a record.
        try await role.bed(stores: { _, logger in
            OutsideStores(
                records: ReportStore(client: MongoClient(try MongoURI("mongodb://127.0.0.1:1/"), logger: logger)))
        }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            #expect(try await request(bed).metadata.finalizers.isEmpty)
            #expect(try await bed.jobs().isEmpty)
        }
    }

    private static func requestStaysBeyondItsTime(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline()
            try await bed.createRequest(more: "ttlSecondsAfterFinished: 0")
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            #expect(try await request(bed).status?.phase == .succeeded)
        }
    }

    private static func statusStaysEmpty(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            #expect(try await request(bed).status == nil)
        }
    }

    // MARK: Jobs, claims, events

    /// Where the API server has OwnerReferencesPermissionEnforcement, as the local one has.
    private static func jobIsNotOwned(_ role: ReducedRole) async throws {
        try await says("cannot set blockOwnerDeletion", role)
    }

    private static func stageDoesNotStart(_ role: ReducedRole) async throws {
        try await says(role.refusal, role)
    }

    private static func workspaceIsNotClaimed(_ role: ReducedRole) async throws {
        try await says(role.refusal, role, pipeline: "workspace: {size: 1Mi}")
    }

    private static func whatKeepsAStageIsNotRead(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline(more: TestBed.withoutServiceAccount)
            try await bed.createRequest()
            try await bed.operator.log.wait(for: "Can't read the events of what doesn't start", role.refusal)
        }
    }

    /// The run's own status says why it doesn't go on.
    private static func says(_ words: String, _ role: ReducedRole, pipeline: String = "{}") async throws {
        try await role.bed { bed in
            try await bed.createPipeline(more: pipeline)
            try await bed.createRequest()
            try await bed.wait("says \(words)") { $0.status?.message?.contains(words) ?? false }
            #expect(try await bed.jobs().isEmpty)
        }
    }

    private static func lostJobIsNotNoticed(_ role: ReducedRole) async throws {
        try await role.bed(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.pod(of: "one")
            try await bed.cluster.kubectl("delete", "jobs", "--all", "--wait=false", "-n", bed.namespace)
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            #expect(try await request(bed).status?.isTerminal == false)
        }
    }

    private static func cancelledStageGoesOn(_ role: ReducedRole) async throws {
        try await role.bed(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.pod(of: "one")
            try await bed.patchRequest("run", "spec: {cancel: true}")
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            #expect(try await bed.jobs().count == 1)
            #expect(try await request(bed).status?.isTerminal == false)
        }
    }

    private static func claimIsNotRecognised(_ role: ReducedRole) async throws {
        try await role.bed(losingAnswerOf: "POST", toPathsOf: "/persistentvolumeclaims") { bed in
            try await bed.createPipeline(more: "workspace: {size: 1Mi}")
            try await bed.createRequest()
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            #expect(try await bed.jobs().isEmpty)
        }
    }

    private static func claimStays(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline(more: "workspace: {size: 1Mi, keep: 1s}")
            try await bed.createRequest()
            try await bed.wait(phase: .succeeded)
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
        }
    }

    private static func endIsNoEvent(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.wait(phase: .succeeded)
            try await bed.operator.log.wait(for: "Could not emit the run's completion event", role.refusal)
        }
    }

    private static func logIsNotKept(_ role: ReducedRole) async throws {
        try await Outside.run([.mongodb], "rolelogs") { outside in
            try await role.bed(stores: outside.stores(redis: false)) { bed in
                try await bed.createPipeline()
                try await bed.createRequest()
                let done = try await bed.waitUntilRecorded()
                try await bed.operator.log.wait(
                    for: "Stages' logs can't be read", role.refusal, "advice=allow the operator")
                #expect(try await outside.records.logs(of: done.metadata.uid).isEmpty)
            }
        }
    }

    private static func namespaceIsNotRecorded(_ role: ReducedRole) async throws {
        try await Outside.run([.mongodb], "rolens") { outside in
            try await role.bed(stores: outside.stores(redis: false)) { bed in
                try await bed.createPipeline()
                try await bed.createRequest()
                let done = try await bed.waitUntilRecorded()
                try await bed.operator.log.wait(for: "A namespace may not be read", role.refusal, "advice=allow its")
                #expect(try await outside.records.record(uid: done.metadata.uid)?.origin == .unknown)
            }
        }
    }

    private static func request(_ bed: TestBed) async throws -> ReportRequest {
        try await bed.cluster.client.get(ReportRequest.self, name: "run", namespace: bed.namespace)
    }

    // MARK: The lease

    /// `holder`: of a lease that is there already; nil: there is none, nil within: nobody's.
    private static func neverLeads(_ role: ReducedRole, _ words: String, holder: String?? = .none) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            if let holder {
                let spec = holder.map { "spec: {holderIdentity: \($0), leaseDurationSeconds: 3600}" } ?? "spec: {}"
                try await cluster.apply(
                    """
                    apiVersion: coordination.k8s.io/v1
                    kind: Lease
                    metadata: {name: report-operator}
                    \(spec)
                    """, in: namespace)
            }
            let log = LogLines()
            let client = KubernetesClient(
                configuration: try await role.grant(cluster, namespace), userAgent: "report-operator/test",
                logger: log.logger)
            let leadership = Leadership()
            let elector = LeaderElector(
                client: client, options: .init(namespace: namespace, name: "report-operator", identity: "me"),
                leadership: leadership, metrics: MetricsRegistry(), logger: log.logger, lost: {})
            let group = ServiceGroup(configuration: .init(services: [elector], logger: log.logger))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await log.wait(for: words, role.refusal, "advice=allow its")
                #expect(!leadership.mayAct)
                await group.triggerGracefulShutdown()
            }
        }
    }
}
