package import ReportAPI
package import ReportPlanning

extension RunPlan {
    /// Which stages' Jobs it creates, in order.
    package func starts(of request: ReportRequest) -> [String] {
        let attempt = status?.attempt ?? request.status?.attempt ?? 1
        let names = (status ?? request.status)?.stages?.map(\.name) ?? []
        return actions.compactMap { action in
            guard case .createJob(let name, _) = action else { return nil }
            return names.first { request.jobName($0, attempt: attempt) == name }
        }
    }

    /// Each action in one word, in order.
    package var kinds: [String] {
        actions.map { action in
            switch action {
            case .setFinalizers: "setFinalizers"
            case .takeSharedLock: "takeSharedLock"
            case .keepSharedLock: "keepSharedLock"
            case .releaseSharedLock: "releaseSharedLock"
            case .createWorkspaceClaim: "createWorkspaceClaim"
            case .deleteWorkspaceClaim: "deleteWorkspaceClaim"
            case .createJob: "createJob"
            case .deleteJob: "deleteJob"
            case .confirmJobIsGone: "confirmJobIsGone"
            case .confirmNothingRuns: "confirmNothingRuns"
            case .readEvents: "readEvents"
            case .readPublished: "readPublished"
            case .createDelivery: "createDelivery"
            case .confirmDeliveryIsGone: "confirmDeliveryIsGone"
            case .deleteRequest: "deleteRequest"
            }
        }
    }
}
