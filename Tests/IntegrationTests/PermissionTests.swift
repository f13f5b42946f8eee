import ClusterSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportController
import Testing

/// An operator that may not do all it has to.
@Suite struct PermissionTests {
    private static let reading = "[get, list, watch]"

    /// A role of the operator's in `namespace`, and whom it is given to.
    private func role(namespace: String, jobs: String = "[create, delete, get, list, watch]", pods: String = reading)
        -> String
    {
        let rules = """
            [{apiGroups: [reports.ers.dev], resources: [reportpipelines], verbs: \(Self.reading)}, \
            {apiGroups: [reports.ers.dev], resources: [reportrequests], verbs: [get, list, patch, watch]}, \
            {apiGroups: [reports.ers.dev], resources: [reportrequests/status], verbs: [patch]}, \
            {apiGroups: [reports.ers.dev], resources: [reportrequests/finalizers], verbs: [update]}, \
            {apiGroups: [batch], resources: [jobs], verbs: \(jobs)}, \
            {apiGroups: [""], resources: [pods], verbs: \(pods)}]
            """
        return ReducedRole.manifest(rules: rules, namespace)
    }

    @Test func whoMayNotCreateJobsSaysSoAndGoesOnOnceHeMay() async throws {
        try await TestBed.run(prepare: { cluster, namespace in
            try await cluster.apply(role(namespace: namespace, jobs: Self.reading), in: namespace)
            return ReducedRole.serviceAccount(cluster.configuration, namespace)
        }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            try await bed.createRequest()
            let waiting = try await bed.wait("says so") { $0.status?.reason == Reason.jobNotCreated }
            #expect(waiting.status?.phase == .running)
            #expect(waiting.status?.message?.contains("one can't start yet") == true)
            #expect(waiting.status?.message?.contains("cannot create resource \"jobs\"") == true)
            #expect(bed.operator.log.contains("An object could not be created", "cannot create resource"))
            try await bed.cluster.apply(role(namespace: bed.namespace), in: bed.namespace)
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.stagePhases == [.succeeded, .succeeded])
            #expect(try bed.jobCreations().values.sorted() == [1, 1])
            // Events are no more than a courtesy: who may not write them runs reports all the same.
            try await bed.operator.log.wait(
                for: "Could not emit the run's completion event", "cannot create resource \"events\"")
        }
    }

    @Test func whoMayNotListPodsIsNotReadyAndBecomesSo() async throws {
        try await TestBed.run(prepare: { cluster, namespace in
            try await cluster.apply(role(namespace: namespace, pods: "[get]"), in: namespace)
            return ReducedRole.serviceAccount(cluster.configuration, namespace)
        }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            try await bed.operator.controller.cache.requests.waitUntilSynced()
            try await bed.operator.log.wait(for: "Can't list objects", "resource=pods", "advice=allow its")
            #expect(!bed.operator.controller.isReady)
            #expect(
                try await bed.cluster.client.get(ReportRequest.self, name: "run", namespace: bed.namespace).status
                    == nil)
            try await bed.cluster.apply(role(namespace: bed.namespace), in: bed.namespace)
            try await bed.wait(phase: .succeeded)
            #expect(bed.operator.controller.isReady)
            #expect(bed.operator.log.contains("Resynced after a gap", "resource=pods"))
        }
    }

    @Test func aQuotaHoldsAStageUpUntilThereIsRoom() async throws {
        try await TestBed.run(prepare: { cluster, namespace in
            try await cluster.apply(
                """
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: jobs}
                spec: {hard: {count/jobs.batch: "0"}}
                """, in: namespace)
            return nil
        }) { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let waiting = try await bed.wait("says so") { $0.status?.reason == Reason.jobNotCreated }
            #expect(waiting.status?.message?.contains("exceeded quota") == true, "\(waiting.status?.message ?? "")")
            try await bed.cluster.kubectl("delete", "quota", "jobs", "-n", bed.namespace)
            try await bed.wait(phase: .succeeded)
        }
    }
}
