import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// What `hack/uninstall` leaves alone.
@Suite(.needsCluster, .besideOthers)
struct RemovalTests {
    private static let request = Manifest.request("mine", stages: Manifest.stage("only", "true"))

    /// An overlay of the one for a single namespace, as somebody else would write it.
    private static func overlay(for namespace: String, in cluster: LiveCluster) async throws -> URL {
        let folder = URL(fileURLWithPath: "/tmp").appendingPathComponent("overlay-\(namespace)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let upwards = String(repeating: "../", count: folder.pathComponents.count - 1)
        let old = upwards + Installation.file("manifests/components/kubernetes-1.20").dropFirst()
        let text = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: \(namespace)
            resources: [\(upwards)\(Installation.file("manifests/overlays/namespaced").dropFirst())]
            components: [\(try await cluster.isOld ? old : "")]

            """
        try Data(text.utf8).write(to: folder.appendingPathComponent("kustomization.yaml"))
        return folder
    }

    @Test func removalFromOneNamespaceLeavesTheOthersAlone() async throws {
        try await Scene.play { mine in
            try await Scene.play { theirs in
                for scene in [mine, theirs] { try await scene.apply(Self.request) }
                let folder = try await Self.overlay(for: mine.namespace, in: mine.cluster)
                defer { try? FileManager.default.removeItem(at: folder) }

                let asked = try await Command.result([Installation.file("hack/uninstall"), "-k", folder.path])
                #expect(asked.status != 0 && asked.errors.contains("of the namespace \(mine.namespace)"), "\(asked)")
                #expect(try await requests(in: mine) == ["mine"])

                try await Command.run([Installation.file("hack/uninstall"), "--yes", "-k", folder.path])
                #expect(try await requests(in: mine).isEmpty)
                #expect(try await requests(in: theirs) == ["mine"])
                for shared in ["crd/reportrequests.reports.ers.dev", "crd/reportschedules.reports.ers.dev"] {
                    try await mine.kubectl("get", shared)
                }
            }
        }
    }

    /// A request that something else holds.
    @Test func itSaysWhatItWaitsForAndForHowLong() async throws {
        try await Scene.play { scene in
            try await scene.apply(
                Self.request.replacing("name: mine", with: "name: mine, finalizers: [example.com/kept]"))
            let folder = try await Self.overlay(for: scene.namespace, in: scene.cluster)
            defer { try? FileManager.default.removeItem(at: folder) }
            let removal = try RunningCommand([Installation.file("hack/uninstall"), "--yes", "-k", folder.path])
            try await removal.printed("1 reportrequests left, for at most ")
            #expect(removal.errors.contains("the first: \(scene.namespace)/mine"), "\(removal.errors)")
            try await scene.kubectl(
                "patch", "reportrequest", "mine", "--type=merge", "-p", #"{"metadata": {"finalizers": null}}"#)
            #expect(await removal.status() == 0, "\(removal.errors)")
            #expect(removal.errors.contains("deleting all reportschedules"), "\(removal.errors)")
            #expect(try await requests(in: scene).isEmpty)
        }
    }

    @Test func aFolderThatIsNotThereRemovesNothing() async throws {
        try await Scene.play { scene in
            try await scene.apply(Self.request)
            let result = try await Command.result([Installation.file("hack/uninstall"), "--yes", "-k", "/nonexistent"])
            #expect(result.status != 0 && result.errors.contains("nothing was deleted"), "\(result)")
            #expect(try await requests(in: scene) == ["mine"])
        }
    }

    private func requests(in scene: Scene) async throws -> [String] {
        try await scene.cluster.client.list(ReportRequest.self, namespace: scene.namespace).items
            .map(\.metadata.name)
    }
}
