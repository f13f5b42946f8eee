import KubernetesModel
import ReportAPI

/// The Secrets and ConfigMaps without which a stage's container doesn't start.
///
/// The kubelet doesn't always name what it lacks ("failed to sync secret cache: timed out waiting for the condition").
struct StageReferences: Hashable {
    /// Such as `Secret erp-login`, each once, in the order of the spec.
    private(set) var ofEnvironment: [String] = []
    private(set) var ofVolumes: [String] = []

    init(_ spec: StageSpec) {
        for variable in spec.env ?? [] {
            Self.add(variable["valueFrom"]?["secretKeyRef"], "Secret", to: &ofEnvironment)
            Self.add(variable["valueFrom"]?["configMapKeyRef"], "ConfigMap", to: &ofEnvironment)
        }
        for source in spec.envFrom ?? [] {
            Self.add(source["secretRef"], "Secret", to: &ofEnvironment)
            Self.add(source["configMapRef"], "ConfigMap", to: &ofEnvironment)
        }
        for volume in spec.podTemplate?["spec"]?["volumes"]?.array ?? [] {
            Self.add(volume["secret"], "Secret", name: "secretName", to: &ofVolumes)
            Self.add(volume["configMap"], "ConfigMap", to: &ofVolumes)
            for source in volume["projected"]?["sources"]?.array ?? [] {
                Self.add(source["secret"], "Secret", to: &ofVolumes)
                Self.add(source["configMap"], "ConfigMap", to: &ofVolumes)
            }
        }
    }

    private static func add(
        _ reference: JSONValue?, _ kind: String, name key: String = "name", to names: inout [String]
    ) {
        guard let reference, let name = reference[key]?.string, reference["optional"] != .bool(true) else { return }
        let text = "\(kind) \(name.head(bytes: 253))"
        if names.count < 8, !names.contains(text) { names.append(text) }
    }

    /// The message, with what may be missing where it names none of that.
    func completing(_ message: String, reason: String) -> String {
        let names =
            switch reason {
            case "CreateContainerConfigError": ofEnvironment
            case "FailedMount": ofVolumes
            default: [String]()
            }
        let isNamed = names.contains { name in
            message.utf8.ranges(of: name.utf8.drop { $0 != 0x20 }.dropFirst()).isEmpty == false
        }
        guard !names.isEmpty, !isNamed else { return message }
        return "\(message); check that what it needs is there, with all its keys: \(names.joined(separator: ", "))"
    }
}
