package import KubernetesModel

/// Whether a pipeline can run, and what to mend. Written by the operator alone.
package struct ReportPipelineStatus: Codable, Hashable, Sendable {
    package var observedGeneration: Int64?
    /// `Ready` alone.
    package var conditions: [Condition]?

    package init(observedGeneration: Int64? = nil, conditions: [Condition]? = nil) {
        self.observedGeneration = observedGeneration
        self.conditions = conditions
    }

    package var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    package static let readyCondition = "Ready"
}
