package import KubernetesModel

extension JSONValue {
    /// As kubectl shows objects: who wrote which field is for machines.
    package var withoutManagedFields: JSONValue {
        guard case .object(var members) = self, case .object(var metadata)? = members["metadata"] else { return self }
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }
}
