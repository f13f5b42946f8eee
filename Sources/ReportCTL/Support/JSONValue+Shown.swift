import KubernetesModel
import ReportAPI

extension JSONValue {
    /// As kubectl shows objects: who wrote which field is for machines.
    var withoutManagedFields: JSONValue {
        guard case .object(var members) = self, case .object(var metadata)? = members["metadata"] else { return self }
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    /// A `List` with the requests that a filter keeps.
    func filtered(_ filter: ServerTable.Filter) -> JSONValue {
        guard case .object(var list) = self, let items = list["items"]?.array else { return self }
        list["items"] = .array(
            items.filter { item in
                let phase = item["status"]?["phase"]?.string
                if let wanted = filter.pipeline, item["status"]?["pipelineName"]?.string != wanted { return false }
                if let wanted = filter.phase, phase?.lowercased() != wanted.lowercased() { return false }
                if let wanted = filter.requester, item["spec"]?["requester"]?["name"]?.string != wanted { return false }
                return !filter.active || phase.flatMap(ReportRequestStatus.Phase.init)?.isTerminal != true
            })
        return .object(list)
    }
}
