import ClusterSupport
import Foundation
import KubernetesModel
import YAMLCoding

/// What `manifests/overlays/namespaced` installs for one namespace, and the operator's pod as its Deployment would make it.
struct NamespacedInstallation: Sendable {
    /// Role, bindings, service account, Service, NetworkPolicy.
    let objects: [JSONValue]
    private let template: JSONValue

    private static let rendered = Task {
        try await Command.run([
            "kubectl", "kustomize", LiveCluster.root.appendingPathComponent("manifests/overlays/namespaced").path,
        ])
    }
    /// What belongs to the whole cluster, to several pods, or, as the Deployment, is taken apart here.
    private static let left: Set = ["CustomResourceDefinition", "ClusterRole", "PodDisruptionBudget", "Deployment"]

    init(namespace: String) async throws {
        // As a person would who follows the overlay's comment.
        let text = try await Self.rendered.value.replacing("namespace: reports\n", with: "namespace: \(namespace)\n")
        let all = try YAMLDecoder().decodeAll(JSONValue.self, from: Data(text.utf8))
        objects = all.filter { !Self.left.contains($0["kind"]?.string ?? "") }
        guard let deployment = all.first(where: { $0["kind"]?.string == "Deployment" }),
            let template = deployment["spec"]?["template"]
        else { throw Command.Failed(description: "the overlay has no Deployment") }
        self.template = template
    }

    /// A pod; `arguments` are more of the operator's options. With the policy `Never` a test says when it is started again.
    func pod(_ name: String, arguments: [String], restartPolicy: String) -> JSONValue {
        var metadata = template["metadata"]?.object ?? [:]
        metadata["name"] = .string(name)
        var spec = template["spec"]?.object ?? [:]
        spec["restartPolicy"] = .string(restartPolicy)
        var container = spec["containers"]?.array?.first?.object ?? [:]
        container["args"] = .array((container["args"]?.array ?? []) + arguments.map { .string($0) })
        spec["containers"] = .array([.object(container)])
        return .object([
            "apiVersion": .string("v1"), "kind": .string("Pod"), "metadata": .object(metadata), "spec": .object(spec),
        ])
    }
}
