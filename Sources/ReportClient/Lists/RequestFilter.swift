public import KubernetesModel
import ReportAPI

/// What requests must say to be listed; nil for anything.
public struct RequestFilter: Sendable {
    public var pipeline: String?
    public var phase: String?
    public var requester: String?
    /// Only those that haven't finished.
    public var active: Bool

    public init(pipeline: String? = nil, phase: String? = nil, requester: String? = nil, active: Bool = false) {
        self.pipeline = pipeline
        self.phase = phase
        self.requester = requester
        self.active = active
    }

    public func keeps(pipeline: String?, phase: String?, requester: String?) -> Bool {
        if let wanted = self.pipeline, pipeline != wanted { return false }
        if let wanted = self.phase, phase?.lowercased() != wanted.lowercased() { return false }
        if let wanted = self.requester, requester != wanted { return false }
        return !active || phase.flatMap(ReportRequestStatus.Phase.init)?.isTerminal != true
    }
}

extension JSONValue {
    /// A `List` with the requests that a filter keeps.
    public func filtered(_ filter: RequestFilter) -> JSONValue {
        guard case .object(var list) = self, let items = list["items"]?.array else { return self }
        list["items"] = .array(
            items.filter { item in
                filter.keeps(
                    pipeline: item["status"]?["pipelineName"]?.string, phase: item["status"]?["phase"]?.string,
                    requester: item["spec"]?["requester"]?["name"]?.string)
            })
        return .object(list)
    }
}
