public import KubernetesModel

/// Whether a pipeline can run, and what to mend. Written by the operator alone.
public struct ReportPipelineStatus: Codable, Hashable, Sendable {
    public var observedGeneration: Int64?
    /// `Ready` alone.
    public var conditions: [Condition]?

    public init(observedGeneration: Int64? = nil, conditions: [Condition]? = nil) {
        self.observedGeneration = observedGeneration
        self.conditions = conditions
    }

    public var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    public static let readyCondition = "Ready"
}
