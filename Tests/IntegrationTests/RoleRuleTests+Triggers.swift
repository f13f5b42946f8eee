import ClusterSupport
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// What breaks for triggers without one of the permissions.
extension RoleRuleTests {
    static let triggerProofs: [String: Proof] = [
        "reporttriggers.reports.ers.dev list": triggersAreNotSeen,
        "reporttriggers.reports.ers.dev watch": hearsOfNoChange,
        "reporttriggers.reports.ers.dev/status patch": triggerSaysNothing,
    ]

    /// Requests are worked on all the same.
    private static func triggersAreNotSeen(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createTrigger()
            try await bed.operator.log.wait(for: "Can't list objects", role.refusal, "advice=allow its")
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.wait(phase: .succeeded)
            #expect(try await bed.triggeredRequests().isEmpty)
        }
    }

    private static func triggerSaysNothing(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createTrigger()
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            let trigger = try await bed.cluster.client.get(ReportTrigger.self, name: "stops", namespace: bed.namespace)
            #expect(trigger.status == nil)
        }
    }
}
