import FoundationEssentials
package import KubernetesModel

extension JSONValue {
    /// What the API server would keep of a typed object.
    package init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }

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
