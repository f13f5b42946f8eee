import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// Schedules on the command line: what is due next, and a run of it now.
@Suite(.needsCluster, .besideOthers)
struct CommandLineScheduleTests {
    private static let monthly = """
        apiVersion: reports.ers.dev/v1
        kind: ReportSchedule
        metadata: {name: monthly}
        spec:
          schedule: "0 6 1 * *"
          concurrencyPolicy: Forbid
          request:
            spec: {pipelineRef: {name: books}, parameters: {period: "{month-1}", code: "65"}}

        """

    @Test func aScheduleIsRunNowThroughItsCronJob() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(SubmitTests.books)
            try await scene.apply(Self.monthly)
            var reportctl = ReportCTL(scene)
            reportctl.environment = ["TZ": "UTC"]
            try await scene.cluster.wait(for: ReportSchedule.self, "monthly", in: scene.namespace, "ready") {
                $0?.status?.ready?.isTrue == true && $0?.status?.cronJob != nil
            }
            let listed = try await reportctl.run("schedules")
            #expect(
                listed.output.contains(/monthly +books +0 6 1 \* \* +20\d\d-\d\d-01 06:00:00 +\d+[smhd]/), "\(listed)")
            #expect(listed.output.contains("ready"), "\(listed)")

            // Its check fails at the first attempt, as its parameter says.
            let run = try await reportctl.run("run-now", "monthly", "--wait")
            #expect(run.status == 1, "\(run)")
            let name = try #require(
                run.output.firstMatch(of: /^reportrequest\.reports\.ers\.dev\/(monthly-[a-z0-9-]+) created\n/)?.1)
            let request = try await scene.cluster.client.get(
                ReportRequest.self, name: String(name), namespace: scene.namespace)
            let period = try #require(request.spec.value?.parameters?["period"]?.string)
            #expect(period.contains(/^20\d\d-\d\d$/), "\(period)")
            #expect(request.metadata.labels.values.contains("monthly"), "\(request.metadata.labels)")

            let again = try await reportctl.run("retry", String(name), "--wait")
            #expect(again.status == 0, "\(again)")
            try await scene.cluster.wait(for: ReportSchedule.self, "monthly", in: scene.namespace, "has succeeded") {
                $0?.status?.lastSuccessfulTime != nil
            }
            let wide = try await reportctl.run("schedules", "-o", "wide")
            #expect(wide.output.contains("LAST-SUCCESS") && wide.output.contains("Forbid"), "\(wide)")
            #expect(try await reportctl.run("run-now", "daily").status == 2)

            let one = try await reportctl.run("schedules", "monthly")
            #expect(one.output.contains(/Next runs: +20\d\d-\d\d-01 06:00:00 +\(in \d+[smhd]/), "\(one)")
            #expect(
                one.output.contains(/Last success: +20/) && one.output.contains(/State: +ready   CronJob/), "\(one)")
            #expect(one.output.contains(/\nperiod +\{month-1\} +20\d\d-\d\d\n/), "\(one)")
            #expect(one.output.contains(/\nPAST RUN +PHASE/) && one.output.contains(name), "\(one)")
            #expect(one.errors.contains("reportctl run-now monthly -n \(scene.namespace)"), "\(one)")
            let yaml = try await reportctl.run("schedules", "monthly", "-o", "yaml").output
            #expect(yaml.contains("kind: ReportSchedule\n") && !yaml.contains("managedFields"), "\(yaml)")
            let unknown = try await reportctl.run("schedules", "daily")
            #expect(
                unknown.status == 4 && unknown.errors.contains("there is no report schedule \"daily\""), "\(unknown)")

            #expect(try await !reportctl.run("doctor").output.contains("schedules   "))
            try await scene.cluster.client.delete(
                ReportPipeline.self, name: "books", namespace: scene.namespace,
                options: DeleteOptions(propagation: .background))
            let doctor = try await reportctl.run("doctor")
            #expect(
                doctor.output.contains(
                    /warning +schedules +1 schedule will fail at the next run, such as monthly: there is no pipeline books/
                ),
                "\(doctor)")
        }
    }

    @Test func whatASuspendedScheduleIsAndThatItRunsByHand() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(SubmitTests.books)
            try await scene.apply(
                Self.monthly.replacing("concurrencyPolicy: Forbid", with: "suspend: true")
                    .replacing("\"65\"", with: "\"0\""))
            try await scene.cluster.wait(for: ReportSchedule.self, "monthly", in: scene.namespace, "ready") {
                $0?.status?.ready?.isTrue == true && $0?.status?.cronJob != nil
            }
            var reportctl = ReportCTL(scene)
            let listed = try await reportctl.run("schedules")
            #expect(listed.output.contains(/0 6 1 \* \* +0 +suspended/), "\(listed)")
            let run = try await reportctl.run("run-now", "monthly", "--follow")
            #expect(run.status == 0, "\(run)")
            #expect(run.output.contains(/extract \| extracting 20\d\d-\d\d\n/), "\(run)")
            #expect(!run.output.contains("created") && run.errors.contains(" created\n"), "\(run)")

            // The same where CronJobs are `batch/v1`.
            try await ReleaseProxy.run(KubernetesRelease(minor: 25)) { _, cluster in
                reportctl.environment["KUBECONFIG"] = cluster.kubeconfig
                let again = try await reportctl.run("run-now", "monthly", "--wait")
                #expect(again.status == 0, "\(again)")
            }
        }
    }
}
