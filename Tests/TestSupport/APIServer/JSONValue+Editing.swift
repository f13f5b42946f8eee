import FoundationEssentials
package import KubernetesModel

extension JSONValue {
    /// What the API server would keep of a typed object.
    package init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }

    /// The typed object that it is.
    package func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(jsonText))
    }

    /// With that member, or without it for nil.
    package func setting(_ key: String, _ value: JSONValue?) -> JSONValue {
        var members = object ?? [:]
        members[key] = value
        return .object(members)
    }

    /// With the member that `edit` makes of the present one.
    package func editing(_ key: String, _ edit: (JSONValue) -> JSONValue) -> JSONValue {
        setting(key, edit(self[key] ?? .object([:])))
    }

    /// The merge patch that makes `new` of this value.
    package func patch(to new: JSONValue) -> JSONValue {
        guard case .object(let before) = self, case .object(let after) = new else { return new }
        return .object(
            before.mapValues { _ in .null }
                .merging(after) { $1 }
                .merging(before.filter { after[$0.key] != nil }) { after, before in before.patch(to: after) })
    }

    /// With a merge patch laid over it (RFC 7386).
    package func patched(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = object ?? [:]
        for (key, change) in changes {
            members[key] = change == .null ? nil : (members[key] ?? .null).patched(with: change)
        }
        return .object(members)
    }
}
