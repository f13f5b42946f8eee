import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// What the operator needs for deliveries.
extension RoleRuleTests {
    static let deliveryProofs: [String: Proof] = [
        "reportchannels.reports.ers.dev list": { try await isToldAndHoldsNothingUp($0, "Can't list objects") },
        "reportchannels.reports.ers.dev watch": { try await isToldAndHoldsNothingUp($0, "Can't watch objects") },
        "reportdeliveries.reports.ers.dev list": { try await isToldAndHoldsNothingUp($0, "Can't list objects") },
        "reportdeliveries.reports.ers.dev watch": { try await isToldAndHoldsNothingUp($0, "Can't watch objects") },
        "reportdeliveries.reports.ers.dev create": deliveryIsNotMade,
        "reportdeliveries.reports.ers.dev get": deletedDeliveryIsNotNoticed,
    ]

    private static let archiving = "deliver: [{channel: archive}]"

    private static func isToldAndHoldsNothingUp(_ role: ReducedRole, _ words: String) async throws {
        try await role.bed(makesDeliveries: true) { bed in
            try await bed.createPipeline(more: archiving)
            try await bed.createRequest()
            try await bed.wait(phase: .succeeded)
            try await bed.operator.log.wait(for: words, role.refusal, "advice=allow its service account")
        }
    }

    private static func deliveryIsNotMade(_ role: ReducedRole) async throws {
        try await role.bed(makesDeliveries: true) { bed in
            try await bed.createPipeline(more: archiving)
            try await bed.createRequest()
            let done = try await bed.wait("says \(role.refusal)") {
                $0.condition(.delivered)?.message.contains(role.refusal) ?? false
            }
            #expect(done.status?.phase == .succeeded)
        }
    }

    private static func deletedDeliveryIsNotNoticed(_ role: ReducedRole) async throws {
        try await role.bed(makesDeliveries: true) { bed in
            try await bed.createPipeline(more: archiving)
            try await bed.createRequest()
            try await bed.wait("its delivery is made") {
                $0.condition(.delivered)?.message.contains("on the way") ?? false
            }
            try await bed.cluster.kubectl("delete", "reportdeliveries", "--all", "-n", bed.namespace)
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
        }
    }
}
