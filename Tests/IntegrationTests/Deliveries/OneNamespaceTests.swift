import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing
import YAMLCoding

/// Operator and courier of one namespace, with the roles of `manifests/overlays/namespaced` and `…/namespaced-courier`.
@Suite(.timeLimit(.minutes(5))) struct OneNamespaceTests {
    /// What an overlay gives the service accounts in the team's namespace.
    private static func roles(_ overlay: String, in namespace: String) async throws -> [JSONValue] {
        let path = LiveCluster.root.appendingPathComponent("manifests/overlays/\(overlay)").path
        // As a person would who follows the overlay's comment.
        let text = try await Command.run(["kubectl", "kustomize", path])
            .replacing("namespace: reports\n", with: "namespace: \(namespace)\n")
        return try YAMLDecoder().decodeAll(JSONValue.self, from: Data(text.utf8))
    }

    @Test func itAsksForNothingOfTheWholeClusterButWhatPeopleMayDo() async throws {
        for overlay in ["namespaced", "namespaced-courier"] {
            let objects = try await Self.roles(overlay, in: "team")
            #expect(!objects.contains { $0["kind"]?.string == "ClusterRoleBinding" })
            let bound = objects.compactMap { $0["roleRef"]?["kind"]?.string }
            #expect(!bound.isEmpty && Set(bound) == ["Role"])
            let deployment = objects.first { $0["kind"]?.string == "Deployment" }
            let container = deployment?["spec"]?["template"]?["spec"]?["containers"]?.array?.first
            #expect(container?["args"]?.array?.contains(.string("--namespace=$(POD_NAMESPACE)")) == true)
            #expect(container?["env"]?.array?.contains { $0["name"]?.string == "POD_NAMESPACE" } == true)
        }
    }

    /// Each thing that it may do in its cluster-wide form, but for reading the labels of all namespaces; taking requests in is a
    /// component of its own.
    @Test func theCouriersRoleIsThatOfTheClusterWithoutOtherNamespaces() async throws {
        let roles = try await Self.roles("namespaced-courier", in: "team").filter { $0["kind"]?.string == "Role" }
        let given = roles.flatMap { Permission.given(by: $0) }
        let expected = Permission.ofCourier.filter {
            $0.resource == "namespaces" ? $0.verb == "get" : $0.resource != "reportrequests"
        }
        #expect(Set(given.map(\.description)) == Set(expected.map(\.description)))
        #expect(given.count == expected.count)
    }

    @Test func whatARunEndsWithIsDeliveredAndNothingElsewhereIsTouched() async throws {
        try await DeliveryBed.run("one-namespace") { bed in
            let (team, elsewhere) = (bed.namespace, bed.courierNamespace)
            for namespace in [team, elsewhere] {
                try await bed.cluster.apply(Self.setUp(folder: bed.folder.path), in: namespace)
            }
            try await bed.cluster.apply(Self.requested, in: elsewhere)
            let foreign = try await bed.record(in: elsewhere)
            try await bed.cluster.apply(Self.delivery(of: foreign), in: elsewhere)
            let uri = try bed.outside.services.value("MONGODB_URI")
            let file = bed.folder.deletingLastPathComponent().appending(path: "uri-\(team)")
            try Data(uri.utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            try await Self.withAccounts(bed) { operatorConfig, courierConfig in
                let operating = try OperatorProcess(
                    namespace: team, "--courier-namespace", team, "--kubeconfig", operatorConfig, "--leader-election",
                    "on", "--mongodb-uri-file", file.path, "--cluster-name", "plant-2")
                let courier = try CourierProcess(
                    uri: bed.outside.services.value("MONGODB_ADMIN_URI"), database: bed.outside.records.database,
                    kubeconfig: courierConfig,
                    options: ["--namespace", team, "--courier-namespace", team, "--leader-election", "on"])
                let kubelet = Kubelet(client: bed.cluster.client, namespace: team) { _ in .runs }
                let playing = Task { await kubelet.run() }
                defer {
                    playing.cancel()
                    courier.end()
                    kill(operating.pid, SIGTERM)
                }
                try await Self.runReport(bed, kubelet)
                let request = try await bed.cluster.wait(
                    for: ReportRequest.self, "run", in: team, "it is delivered"
                ) { $0?.condition(.delivered)?.isTrue == true }
                #expect(request?.status?.phase == .succeeded)
                // Its own namespace it may read, and the one by which clusters are told apart it may not.
                let origin = try await bed.outside.records.record(uid: request?.metadata.uid ?? "")?.origin
                let uid = try await bed.cluster.uid(ofNamespace: team)
                #expect(origin == RecordOrigin(clusterName: "plant-2", namespaceUID: uid))
                let files = try bed.files()
                #expect(files.count == 1 && files[0].contains("\(team)/\(request?.metadata.uid ?? "?")"), "\(files)")
                try await Self.expectUntouched(bed, elsewhere, foreign)
                for log in [operating.log, courier.log] {
                    #expect(log.contains("Leading"))
                    let refusals = log.split(separator: "\n").filter {
                        ($0.contains("cannot ") || $0.contains("orbidden")) && !$0.contains("kube-system")
                    }
                    #expect(refusals.isEmpty, "\(refusals)")
                }
            }
        }
    }

    // MARK: Steps

    private static let requested = """
        apiVersion: reports.ers.dev/v1
        kind: ReportRequest
        metadata: {name: run}
        spec: {pipelineRef: {name: report}}
        """

    private static func setUp(folder: String) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportChannel
        metadata: {name: files}
        spec:
          type: Folder
          allowedNamespaces: {}
          folder: {volume: \(folder), path: "{namespace}/{report}"}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: report}
        spec: {stages: [{name: one, image: "example.org/stage:1"}], deliver: [{channel: files, formats: [csv]}]}
        """
    }

    private static func delivery(of report: String) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportDelivery
        metadata: {name: d}
        spec: {reportID: \(report), channel: files, formats: [csv]}
        """
    }

    /// Runs `body` with the kubeconfig files of the two service accounts, which have the overlays' roles.
    private static func withAccounts(
        _ bed: DeliveryBed, _ body: (_ operatorConfig: String, _ courierConfig: String) async throws -> Void
    ) async throws {
        let team = bed.namespace
        let folder = FileManager.default.temporaryDirectory.appending(path: "accounts-\(team)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for (overlay, account) in [("namespaced", "report-operator"), ("namespaced-courier", "report-courier")] {
            let roles = try await roles(overlay, in: team).filter {
                ["Role", "RoleBinding", "ServiceAccount"].contains($0["kind"]?.string)
            }
            let list = JSONValue.object([
                "apiVersion": .string("v1"), "kind": .string("List"), "items": .array(roles),
            ])
            try await bed.cluster.apply(String(decoding: list.jsonText, as: UTF8.self), in: team)
            let file = folder.appending(path: account)
            try await CourierRole.kubeconfig(bed.cluster, team, as: account).write(to: file)
            let own = try LiveCluster(kubeconfig: file.path)
            try await eventually("the role of \(account) is in force", every: .milliseconds(50)) {
                let resource = "reportdeliveries.reports.ers.dev"
                return try await own.kubectlResult(["auth", "can-i", "list", resource, "-n", team]).status == 0
            }
            files.append(file.path)
        }
        try await body(files[0], files[1])
    }

    /// Its stage publishes rows, and ends.
    private static func runReport(_ bed: DeliveryBed, _ kubelet: Kubelet) async throws {
        try await bed.cluster.apply(requested, in: bed.namespace)
        let pods = try await bed.cluster.wait(
            forAll: Pod.self, selector: "\(ReportsAPI.Label.request)=run", in: bed.namespace, "its stage runs"
        ) { $0.contains { $0.status?.phase == "Running" } }
        let request = try await bed.cluster.client.get(ReportRequest.self, name: "run", namespace: bed.namespace)
        try await bed.publish(request.metadata.uid, attempt: 1)
        for pod in pods { try await kubelet.end(pod, exitCode: 0) }
    }

    private static func expectUntouched(_ bed: DeliveryBed, _ elsewhere: String, _ foreign: String) async throws {
        let client = bed.cluster.client
        #expect(try await client.get(ReportRequest.self, name: "run", namespace: elsewhere).status == nil)
        #expect(try await client.get(ReportChannel.self, name: "files", namespace: elsewhere).status == nil)
        let delivery = try await client.get(ReportDelivery.self, name: "d", namespace: elsewhere)
        #expect(delivery.status == nil && delivery.metadata.finalizers.isEmpty)
        #expect(try await bed.copies(ofReport: foreign).isEmpty)
        let writers = try AuditLog.ofEnvironment().entries(in: elsewhere).compactMap(\.userAgent).filter {
            $0.hasPrefix("report-courier/") || $0.hasPrefix("report-operator/")
        }
        #expect(writers.isEmpty, "\(writers)")
    }
}
