package import KubernetesModel

/// The types of a request's conditions.
package enum RequestCondition: String, Sendable, CaseIterable {
    case accepted = "Accepted"
    /// As a Job has it, so that `kubectl wait --for=condition=Complete` does what people expect.
    case complete = "Complete"
    /// Of a cancelled run too.
    case failed = "Failed"
    case recorded = "Recorded"
}

extension ReportRequestStatus {
    /// The condition of that type, where there is one.
    package func condition(_ type: RequestCondition) -> Condition? {
        conditions?.first { $0.type == type.rawValue }
    }

    /// The entry of the stage of that name, once the request is accepted.
    package func stage(_ name: String) -> StageStatus? { stages?.first { $0.name == name } }
}
