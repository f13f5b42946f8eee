import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import Testing

/// What probes and Prometheus ask for.
@Suite(.needsCluster, .besideOthers)
struct StatusServerTests {
    @Test func readyOnlyAfterTheFirstListsAndAliveBefore() async throws {
        try await Scene.play { scene in
            let dead = try Kubeconfig.withoutServer()
            defer { try? FileManager.default.removeItem(at: dead) }
            let port = FreePort.find()
            let process = try scene.startProcess(statusAddress: "127.0.0.1:\(port)", kubeconfig: dead)
            let alive = try await StatusPage.get("healthz", port: port)
            let ready = try await StatusPage.get("readyz", port: port)
            #expect(alive.code == 200)
            #expect(ready.code == 503)
            #expect(ready.text.contains("reportrequests.reports.ers.dev"), "\(ready.text)")
            #expect(await process.terminate() == 0)
        }
    }

    @Test func metricsHaveTheNamesThatDashboardsKnow() async throws {
        try await Scene.play { scene in
            let pod = try await scene.startOperator()
            try await scene.apply(Manifest.request("run", stages: Manifest.stage("only", "true")))
            #expect(try await scene.end(of: "run").phase == .succeeded)
            let host = try await pod.address()
            #expect(try await StatusPage.get("readyz", host: host, port: 8080).code == 200)

            let metrics = try await StatusPage.get("metrics", host: host, port: 8080).text
            for name in [
                "controller_runtime_reconcile_total", "controller_runtime_reconcile_errors_total",
                "controller_runtime_reconcile_time_seconds_bucket", "controller_runtime_max_concurrent_reconciles",
                "controller_runtime_active_workers", "workqueue_depth", "workqueue_adds_total",
                "workqueue_queue_duration_seconds_bucket", "workqueue_work_duration_seconds_bucket",
                "workqueue_retries_total", "rest_client_requests_total", "process_resident_memory_bytes",
            ] {
                #expect(metrics.contains("\n\(name){") || metrics.contains("\n\(name) "), "\(name)")
            }
            #expect(metrics.contains(#"report_operator_runs_finished_total{phase="Succeeded"} 1"#))
            #expect(metrics.contains(#"report_operator_requests{phase="Succeeded"} 1"#))
            #expect(metrics.contains(#"leader_election_master_status{name="report-operator"} 1"#))
            #expect(try await pod.terminate() == 0)
        }
    }

    @Test func portInUseEndsTheOperatorWithOneClearError() async throws {
        try await Scene.play { scene in
            let port = FreePort.find()
            _ = try scene.startProcess(statusAddress: "127.0.0.1:\(port)")
            #expect(try await StatusPage.get("healthz", port: port).code == 200)
            let result = try await OperatorProcess.result([
                "run", "--namespace", scene.namespace, "--status-address", "127.0.0.1:\(port)",
            ])
            #expect(result.status == 64)
            let errors = result.errors.split(separator: "\n").filter { $0.contains("rror: ") }
            #expect(errors.count == 1, "\(result.errors)")
            #expect(
                result.errors.contains(
                    "Error: --status-address: can't listen on 127.0.0.1:\(port): Address already in use"),
                "\(result.errors)")
        }
    }
}
