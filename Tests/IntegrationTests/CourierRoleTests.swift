import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// The courier's role is the least it needs: without any one permission something breaks, and the courier says which it
/// lacks. And it is enough.
@Suite(.timeLimit(.minutes(10))) struct CourierRoleTests {
    typealias Proof = @Sendable (CourierRole) async throws -> Void

    @Test(arguments: Permission.ofCourier)
    func withoutItSomethingBreaksAndSaysSo(permission: Permission) async throws {
        let proof = try #require(
            Self.proofs[permission.description], "nothing shows what \(permission) is needed for")
        try await proof(CourierRole(missing: permission))
    }

    @Test func everyProofIsOfAPermissionThatIsGiven() {
        #expect(Set(Self.proofs.keys).subtracting(Permission.ofCourier.map(\.description)).isEmpty)
    }

    @Test func allOfItIsEnough() async throws {
        try await DeliveryBed.run("role-whole") { bed in
            try await CourierRole().granted(bed.cluster, bed.courierNamespace) { kubeconfig in
                let courier = try bed.courier(kubeconfig: kubeconfig, "--leader-election", "on")
                defer { courier.end() }
                try await bed.createFolder()
                let report = try await bed.record()
                try await bed.deliver("kept", "{reportID: \(report), channel: files, formats: [csv]}")
                #expect(try await bed.waitForEnd(of: "kept").status?.phase == .delivered)
                try await bed.deliver(
                    "brief", "{reportID: \(report), channel: files, formats: [csv], ttlSecondsAfterFinished: 1}")
                try await bed.cluster.wait(
                    for: ReportDelivery.self, "brief", in: bed.namespace, "gone, and sent"
                ) { $0 == nil }
                #expect(
                    try await bed.copies(ofReport: report).map(\.phase) == [.sent, .sent])
                try await bed.cluster.wait(for: ReportChannel.self, "files", in: bed.courierNamespace, "is Ready") {
                    $0?.status?.ready?.status == "True"
                }
                let refusals = courier.log.split(separator: "\n").filter { $0.contains("cannot ") }
                #expect(refusals.isEmpty, "\(refusals)")
            }
        }
    }

    private static let proofs: [String: Proof] = [
        "reportdeliveries.reports.ers.dev list": { try await hearsNothing($0, "Can't list objects") },
        "reportchannels.reports.ers.dev list": { try await hearsNothing($0, "Can't list objects") },
        "namespaces list": { try await hearsNoNamespaces($0, "Can't list objects") },
        "secrets list": { try await hearsNothing($0, "Can't list objects") },
        "reportdeliveries.reports.ers.dev watch": { try await hearsNothing($0, "Can't watch objects") },
        "reportchannels.reports.ers.dev watch": { try await hearsNothing($0, "Can't watch objects") },
        "namespaces get": whoseAReportIsStaysUnknown,
        "namespaces watch": { try await hearsNoNamespaces($0, "Can't watch objects") },
        "secrets watch": { try await hearsNothing($0, "Can't watch objects") },
        "reportdeliveries.reports.ers.dev patch": nothingIsSentWithoutTheFinalizer,
        "reportdeliveries.reports.ers.dev delete": deliveryStaysBeyondItsTime,
        "reportdeliveries.reports.ers.dev/status patch": deliveryTellsNothing,
        "reportchannels.reports.ers.dev/status patch": channelTellsNothing,
        "reporttriggers.reports.ers.dev list": { try await hearsNothing($0, "Can't list objects") },
        "reporttriggers.reports.ers.dev watch": { try await hearsNothing($0, "Can't watch objects") },
        "reporttriggers.reports.ers.dev get": ticketsOfADeletedTriggerStayOpen,
        "reporttriggers.reports.ers.dev/status patch": triggerTellsNothingOfTickets,
        "reportrequests.reports.ers.dev create": { try await messageWaits($0, isThere: false) },
        "reportrequests.reports.ers.dev get": { try await messageWaits($0, isThere: true) },
        "leases.coordination.k8s.io get": { try await neverLeads($0, "Can't read the lease") },
        "leases.coordination.k8s.io create": { try await neverLeads($0, "Can't create the lease") },
        "leases.coordination.k8s.io patch": { try await neverLeads($0, "Can't write the lease", holder: .some(nil)) },
        "leases.coordination.k8s.io watch": { try await neverLeads($0, "Can't watch the lease", holder: "other") },
    ]

    // MARK: Proofs

    private static func hearsNothing(_ role: CourierRole, _ words: String) async throws {
        try await withCourier(role) { courier, _, _ in
            try await courier.waitForLine(words, role.refusal, "allow its service account to")
        }
    }

    /// Of a courier of all namespaces: one of a single one doesn't ask for any. Somebody else holds the lease, since others'
    /// deliveries are none of its business.
    private static func hearsNoNamespaces(_ role: CourierRole, _ words: String) async throws {
        try await withCourier(
            role, "--leader-election", "on", servesAll: true, prepare: { try await hold(holder: "other", $0, $1) }
        ) { courier, _, _ in
            try await courier.waitForLine(words, role.refusal, "allow its service account to")
        }
    }

    private static func nothingIsSentWithoutTheFinalizer(_ role: CourierRole) async throws {
        try await DeliveryBed.run("role-patch") { bed in
            try await role.granted(bed.cluster, bed.courierNamespace) { kubeconfig in
                let courier = try bed.courier(kubeconfig: kubeconfig)
                defer { courier.end() }
                try await bed.createFolder()
                try await bed.deliver("unheld", "{reportID: \(try await bed.record()), channel: files, formats: [csv]}")
                try await courier.waitForLine("Reconciliation failed", role.refusal)
                #expect(try bed.files().isEmpty)
                #expect(try await bed.delivery("unheld")?.status?.phase?.isTerminal != true)
            }
        }
    }

    private static func whoseAReportIsStaysUnknown(_ role: CourierRole) async throws {
        try await DeliveryBed.run("role-home") { bed in
            try await role.granted(bed.cluster, bed.courierNamespace) { kubeconfig in
                let courier = try bed.courier(kubeconfig: kubeconfig)
                defer { courier.end() }
                try await bed.createFolder()
                try await bed.deliver("whose", "{reportID: \(try await bed.record()), channel: files, formats: [csv]}")
                try await courier.waitForLine("A namespace may not be read", role.refusal, "get namespaces")
                try await bed.wait(for: "whose", "says what to do") {
                    $0.status?.phase == .pending
                        && $0.status?.message?.contains("has to apply its role anew (manifests/courier)") == true
                }
                #expect(try bed.files().isEmpty)
            }
        }
    }

    private static func deliveryStaysBeyondItsTime(_ role: CourierRole) async throws {
        try await withCourier(role) { courier, cluster, namespace in
            try await deliver(cluster, namespace, "ttlSecondsAfterFinished: 0")
            let end = try JSONValue.yaml("status: {phase: Failed, completedAt: \"2026-11-01T05:00:00Z\"}")
            _ = try await cluster.client.patch(
                ReportDelivery.self, name: "one", namespace: namespace, merge: end, subresource: .status)
            try await courier.waitForLine("Reconciliation failed", role.refusal)
            #expect(try await cluster.client.get(ReportDelivery.self, name: "one", namespace: namespace).status != nil)
        }
    }

    private static func deliveryTellsNothing(_ role: CourierRole) async throws {
        try await withCourier(role) { courier, cluster, namespace in
            try await deliver(cluster, namespace)
            try await courier.waitForLine("Reconciliation failed", role.refusal)
            #expect(try await cluster.client.get(ReportDelivery.self, name: "one", namespace: namespace).status == nil)
        }
    }

    private static func channelTellsNothing(_ role: CourierRole) async throws {
        try await withCourier(role) { courier, cluster, namespace in
            try await cluster.apply(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportChannel
                metadata: {name: files}
                spec: {type: Folder, allowedNamespaces: {}, folder: {volume: /nowhere, path: "{report}"}}
                """, in: namespace)
            try await courier.waitForLine("Reconciliation failed", role.refusal)
            #expect(
                try await cluster.client.get(ReportChannel.self, name: "files", namespace: namespace).status == nil)
        }
    }

    private static func triggerTellsNothingOfTickets(_ role: CourierRole) async throws {
        try await withCourier(role) { courier, cluster, namespace in
            try await createTrigger(cluster, namespace)
            try await courier.waitForLine("Reconciliation failed", role.refusal)
            #expect(
                try await cluster.client.get(ReportTrigger.self, name: "stops", namespace: namespace).status == nil)
        }
    }

    /// Whether it is really gone has to be asked.
    private static func ticketsOfADeletedTriggerStayOpen(_ role: CourierRole) async throws {
        try await withCourier(role) { courier, cluster, namespace in
            try await createTrigger(cluster, namespace)
            try await cluster.wait(for: ReportTrigger.self, "stops", in: namespace, "is seen") {
                $0?.status?.ticketsReady?.reason == Reason.storeUnavailable
            }
            try await cluster.kubectl("delete", "rtrig", "stops", "-n", namespace)
            try await courier.waitForLine("Reconciliation failed", role.refusal)
        }
    }

    private static func createTrigger(_ cluster: LiveCluster, _ namespace: String) async throws {
        try await cluster.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportTrigger
            metadata: {name: stops}
            spec:
              match: {labels: {alertname: Stopped}}
              tokenSHA256: "\(String(repeating: "0", count: 64))"
              request: {pipelineRef: {name: mttr}}
              ticket: {channel: tickets}
            """, in: namespace)
    }

    /// `isThere`: whether a request of the message's id is there already.
    private static func messageWaits(_ role: CourierRole, isThere: Bool) async throws {
        let broker = try MosquittoBroker([
            "allow_anonymous true", "persistence true", "persistence_location FOLDER/", "log_type all",
        ])
        try await broker.start()
        defer { broker.remove() }
        try await withCourier(role) { courier, cluster, namespace in
            try await cluster.kubectl("label", "namespace", namespace, "reports.ers.dev/intake=allowed")
            if isThere {
                try await cluster.apply(
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportRequest
                    metadata: {name: one}
                    spec: {pipelineRef: {name: oee}}
                    """, in: namespace)
            }
            try await cluster.apply(MQTTIntakeTests.channel(broker), in: namespace)
            try await eventually(broker.log) { broker.log.contains("Sending SUBACK") }
            try await broker.publish(
                #"{"id": "one", "namespace": "\#(namespace)", "pipeline": "oee"}"#, to: "plant/requests")
            try await courier.waitForLine("A request from a broker can't be created yet", role.refusal)
            try await cluster.wait(for: ReportChannel.self, "plant", in: namespace, "says what to apply") {
                $0?.status?.ready?.message.contains("apply manifests/components/mqtt-intake") == true
            }
            #expect(!broker.log.contains("Received PUBACK"))
        }
    }

    /// `holder`: of a lease that is there already; nil: there is none, nil within: nobody's.
    private static func neverLeads(_ role: CourierRole, _ words: String, holder: String?? = .none) async throws {
        try await withCourier(
            role, "--leader-election", "on",
            prepare: { cluster, namespace in
                guard let holder else { return }
                try await hold(holder: holder, cluster, namespace)
            }
        ) { courier, _, _ in
            try await courier.waitForLine(words, role.refusal, "allow its service account to")
            #expect(!courier.log.contains("Leading:"))
        }
    }

    private static func hold(holder: String?, _ cluster: LiveCluster, _ namespace: String) async throws {
        let spec = holder.map { "{holderIdentity: \($0), leaseDurationSeconds: 3600}" } ?? "{}"
        try await cluster.apply(
            """
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: report-courier}
            spec: \(spec)
            """, in: namespace)
    }

    // MARK: Beds

    /// Beside a courier with that role, whose reports are in its own namespace, and whose MongoDB is away.
    private static func withCourier(
        _ role: CourierRole, _ options: String..., servesAll: Bool = false,
        prepare: (LiveCluster, String) async throws -> Void = { _, _ in },
        _ body: (CourierProcess, LiveCluster, _ namespace: String) async throws -> Void
    ) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await prepare(cluster, namespace)
            try await role.granted(cluster, namespace) { kubeconfig in
                let courier = try CourierProcess(
                    uri: "mongodb://127.0.0.1:1/reports", kubeconfig: kubeconfig,
                    options: (servesAll ? [] : ["--namespace", namespace]) + ["--courier-namespace", namespace]
                        + options)
                defer { courier.end() }
                try await body(courier, cluster, namespace)
            }
        }
    }

    private static func deliver(_ cluster: LiveCluster, _ namespace: String, _ more: String = "") async throws {
        try await cluster.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportDelivery
            metadata: {name: one}
            spec: {reportID: some, channel: files, \(more)}
            """, in: namespace)
    }
}
