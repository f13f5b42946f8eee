import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// What breaks for schedules without one of the permissions.
extension RoleRuleTests {
    static let scheduleProofs: [String: Proof] = [
        "reportschedules.reports.ers.dev list": schedulesAreNotSeen,
        "cronjobs.batch list": schedulesAreNotSeen,
        "reportschedules.reports.ers.dev watch": hearsOfNoChange,
        "cronjobs.batch watch": hearsOfNoChange,
        "reportschedules.reports.ers.dev get": deletedTickCancelsNothing,
        "cronjobs.batch get": deletedTickCancelsNothing,
        "reportschedules.reports.ers.dev/status patch": scheduleSaysNothing,
        "reportpipelines.reports.ers.dev/status patch": pipelineSaysNothing,
        "reportschedules.reports.ers.dev/finalizers update": {
            try await cronJobIsNotMade($0, "cannot set blockOwnerDeletion")
        },
        "cronjobs.batch create": { try await cronJobIsNotMade($0, $0.refusal) },
        "cronjobs.batch patch": editDoesNotReachTheCronJob,
        "jobs.batch patch": tickIsNotMarked,
        "configmaps get": holidaysAreUnknown,
    ]

    /// Requests are worked on all the same.
    private static func schedulesAreNotSeen(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createSchedule()
            try await bed.operator.log.wait(for: "Can't list objects", role.refusal, "advice=allow its")
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.wait(phase: .succeeded)
            #expect(try await bed.cronJob() == nil)
        }
    }

    private static func holidaysAreUnknown(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline()
            try await bed.createSchedule(more: "holidays: {configMap: {name: plant}}")
            let schedule = try await bed.wait(forSchedule: "nightly", reason: Reason.holidaysUnavailable)
            #expect(schedule.status?.ready?.message.contains(role.refusal) == true)
            #expect(try await bed.cronJob() != nil)
        }
    }

    private static func deletedTickCancelsNothing(_ role: ReducedRole) async throws {
        try await role.bed(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            let name = tick.metadata.name
            try await bed.wait(for: name, phase: .running)
            try await bed.wait(for: name, "is let go") { $0.metadata.finalizers.isEmpty }
            try await bed.delete(tick)
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            let request = try await bed.cluster.client.get(ReportRequest.self, name: name, namespace: bed.namespace)
            #expect(request.spec.value?.cancel != true)
        }
    }

    private static func scheduleSaysNothing(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createSchedule()
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            let schedule = try await bed.cluster.client.get(
                ReportSchedule.self, name: "nightly", namespace: bed.namespace)
            #expect(schedule.status == nil)
        }
    }

    /// Requests for it are worked on all the same.
    private static func pipelineSaysNothing(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline()
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            try await bed.createRequest()
            try await bed.wait(phase: .succeeded)
            let pipelines = try await bed.cluster.client.list(ReportPipeline.self, namespace: bed.namespace).items
            #expect(pipelines.count == 1 && pipelines.allSatisfy { $0.status == nil })
        }
    }

    /// The schedule's own status says why.
    private static func cronJobIsNotMade(_ role: ReducedRole, _ words: String) async throws {
        try await role.bed { bed in
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", "says \(words)") {
                $0.status?.ready?.status == "False" && $0.status?.ready?.message.contains(words) ?? false
            }
            #expect(try await bed.cronJob() == nil)
        }
    }

    private static func editDoesNotReachTheCronJob(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            try await bed.patchSchedule("nightly", "spec: {schedule: 0 5 1 1 *}")
            try await bed.wait(forSchedule: "nightly", "says why") {
                $0.status?.ready?.message.contains(role.refusal) ?? false
            }
            #expect(try await bed.cronJob()?["spec"]?["schedule"] == "0 0 1 1 *")
        }
    }

    private static func tickIsNotMarked(_ role: ReducedRole) async throws {
        try await role.bed { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            try await bed.operator.log.wait(for: "Reconciliation failed", role.refusal)
            let live = try await bed.cluster.client.get(Tick.self, name: tick.metadata.name, namespace: bed.namespace)
            #expect(live.served == nil)
        }
    }
}
