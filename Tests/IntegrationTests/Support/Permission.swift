import ClusterSupport
import Foundation
import KubernetesModel
import YAMLCoding

/// One thing that a role in the manifests lets the operator do, or the courier, or the gateway.
struct Permission: Hashable, Sendable, CustomStringConvertible {
    let group: String
    /// With its subresource, as in `reportrequests/status`.
    let resource: String
    let verb: String
    /// The one object that it is limited to.
    let name: String?
    /// Whether it is given by a ClusterRole.
    let isOfCluster: Bool

    /// `jobs.batch create`
    var description: String {
        let parts = resource.split(separator: "/", maxSplits: 1)
        let qualified = group.isEmpty ? "\(parts[0])" : "\(parts[0]).\(group)"
        return "\(([qualified] + parts.dropFirst().map(String.init)).joined(separator: "/")) \(verb)"
    }

    /// What the API server says to whom it is not given.
    var refusal: String { "cannot \(verb) resource \"\(resource)\"" }

    /// As a role's rule.
    var rule: JSONValue {
        var rule: JSONObject = [
            "apiGroups": .array([.string(group)]), "resources": .array([.string(resource)]),
            "verbs": .array([.string(verb)]),
        ]
        if let name { rule["resourceNames"] = .array([.string(name)]) }
        return .object(rule)
    }

    /// Every permission that the manifests give the operator, read from them.
    static let all = given("base/role.yaml", "base/leader-election.yaml")

    /// The same of the courier.
    static let ofCourier = given("courier/role.yaml", "components/mqtt-intake/role.yaml")

    /// The same of the gateway.
    static let ofGateway = given("gateway/role.yaml", "gateway/impersonation.yaml")

    private static func given(_ files: String...) -> [Permission] {
        do {
            return try files.flatMap(read)
        } catch {
            preconditionFailure("manifests: \(error)")
        }
    }

    private static func read(_ file: String) throws -> [Permission] {
        let data = try Data(contentsOf: LiveCluster.root.appendingPathComponent("manifests/\(file)"))
        return try YAMLDecoder().decodeAll(JSONValue.self, from: data).flatMap { given(by: $0) }
    }

    /// What a role gives.
    static func given(by role: JSONValue) -> [Permission] {
        let isOfCluster = role["kind"]?.string == "ClusterRole"
        return (role["rules"]?.array ?? []).flatMap { rule in
            func texts(_ key: String) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
            let names: [String?] = rule["resourceNames"] == nil ? [nil] : texts("resourceNames")
            return texts("apiGroups").flatMap { group in
                texts("resources").flatMap { resource in
                    texts("verbs").flatMap { verb in
                        names.map {
                            Permission(
                                group: group, resource: resource, verb: verb, name: $0, isOfCluster: isOfCluster)
                        }
                    }
                }
            }
        }
    }
}
