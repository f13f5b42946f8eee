package import KubernetesModel
package import ReportAPI

extension ReportScheduleSpec {
    /// Every minute, a request with a placeholder.
    package static func fixture(
        _ policy: ConcurrencyPolicy = .forbid, history: History? = nil
    ) -> ReportScheduleSpec {
        ReportScheduleSpec(
            schedule: "* * * * *", concurrencyPolicy: policy, history: history,
            request: .init(
                spec: ReportRequestSpec(
                    pipelineRef: .init(name: "trial-balance"), parameters: ["period": .string("{month-1}")])))
    }

    package func with(_ change: (inout ReportScheduleSpec) -> Void) -> ReportScheduleSpec {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Condition {
    /// A schedule's `Ready`.
    package static func ready(_ status: String, _ reason: String = "") -> Condition {
        Condition(
            type: ReportScheduleStatus.readyCondition, status: status, reason: reason, message: "m",
            lastTransitionTime: nil, observedGeneration: nil)
    }
}
