import ClusterSupport
import Foundation
import KubernetesModel
import YAMLCoding

/// One thing that a role in `manifests/base` lets the operator do.
struct Permission: Hashable, Sendable, CustomStringConvertible {
    let group: String
    /// With its subresource, as in `reportrequests/status`.
    let resource: String
    let verb: String
    /// The one object that it is limited to.
    let name: String?

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
        var rule: [String: JSONValue] = [
            "apiGroups": .array([.string(group)]), "resources": .array([.string(resource)]),
            "verbs": .array([.string(verb)]),
        ]
        if let name { rule["resourceNames"] = .array([.string(name)]) }
        return .object(rule)
    }

    /// Every permission that the manifests give, read from them.
    static let all: [Permission] = {
        do {
            return try ["role.yaml", "leader-election.yaml"].flatMap(read)
        } catch {
            preconditionFailure("manifests/base: \(error)")
        }
    }()

    private static func read(_ file: String) throws -> [Permission] {
        let data = try Data(contentsOf: LiveCluster.root.appendingPathComponent("manifests/base/\(file)"))
        let rules = try YAMLDecoder().decodeAll(JSONValue.self, from: data).flatMap { $0["rules"]?.array ?? [] }
        return rules.flatMap { rule in
            func texts(_ key: String) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
            let names: [String?] = rule["resourceNames"] == nil ? [nil] : texts("resourceNames")
            return texts("apiGroups").flatMap { group in
                texts("resources").flatMap { resource in
                    texts("verbs").flatMap { verb in
                        names.map { Permission(group: group, resource: resource, verb: verb, name: $0) }
                    }
                }
            }
        }
    }
}
