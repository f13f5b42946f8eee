import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// `kubectl apply -k`, an upgrade and the removal, as docs/installation.md tells.
@Suite(.needsCluster, .alone)
struct InstallationTests {
    @Test func upgradeInTheMiddleOfARunLosesNothing() async throws {
        try await Installation.run { installation in
            try await Scene.play { scene in
                try await scene.apply(
                    Manifest.request(
                        "run", stages: Manifest.held("one"), Manifest.stage("two", "echo two"),
                        Manifest.stage("three", "echo three")))
                try await scene.runningPod("one", of: "run")
                let before = try await installation.lease()
                let old = Set(try await installation.pods().map(\.metadata.name))
                #expect(old.count == 2)

                try await installation.kubectl(
                    "set", "image", "deployment/report-operator", "operator=\(Installation.nextImage)")
                // A stage ends and the next has to begin while the replicas change.
                try await scene.release("one", of: "run")
                try await installation.rolledOut()
                try await OperatorRestartTests.expectSuccess(of: "run", jobs: 3, in: scene)

                let after = try await installation.lease()
                #expect(try #require(after.spec?.leaseTransitions) > #require(before.spec?.leaseTransitions))
                let new = Set(try await installation.pods().filter { !$0.metadata.isDeleting }.map(\.metadata.name))
                #expect(new.count == 2 && new.isDisjoint(with: old))
            }
        }
    }

    @Test func removalKeepsTheRecordsAndLeavesNothingBehind() async throws {
        try await Installation.run { installation in
            try await releaseRequests()
            try await Scene.play { scene in
                try await scene.apply(Manifest.request("done", stages: Manifest.stage("only", "true")))
                let uid = try await scene.kubectl("get", "reportrequest", "done", "-o", "jsonpath={.metadata.uid}")
                try await scene.kubectl("wait", "--for=condition=Recorded", "--timeout=60s", "reportrequest/done")
                try await scene.kubectl("wait", "--for=condition=Complete", "--timeout=60s", "reportrequest/done")
                try await scene.apply(Manifest.request("going-on", stages: Manifest.held("only")))
                try await scene.runningPod("only", of: "going-on")

                try await Command.run([
                    Installation.file("hack/uninstall"), "--yes", "-k", installation.manifests,
                ])
                let left = try await Command.run([
                    "kubectl", "get", "crd,clusterrole,clusterrolebinding,namespace", "-o", "name", "-l",
                    "app.kubernetes.io/part-of=report-operator",
                ])
                #expect(left.isEmpty, "\(left)")
                let definitions = try await Command.run(["kubectl", "get", "crd", "-o", "name"])
                #expect(!definitions.contains("reports.ers.dev"), "\(definitions)")
                #expect(try await scene.jobs().isEmpty)

                let services = try #require(ProcessInfo.processInfo.environment["REPORT_SERVICES_NAME"])
                let record = try await Command.run([
                    Installation.file("hack/lib/services/show-record"), uid, "--name", services,
                ])
                #expect(record.contains("Succeeded"), "\(record)")
                // What follows looks at requests.
                try await installation.reapplyDefinitions()
            }
        }
    }

    /// Requests that other tests have left wait for operators that are gone, and the removal would wait for them.
    private func releaseRequests() async throws {
        let place = "{range .items[*]}{.metadata.namespace} {.metadata.name}{\"\\n\"}{end}"
        let places = try await Command.run(["kubectl", "get", "reportrequests", "-A", "-o", "jsonpath=\(place)"])
        for place in places.split(separator: "\n").map({ $0.split(separator: " ").map(String.init) }) {
            // It may be gone by now.
            _ = try await Command.result([
                "kubectl", "patch", "reportrequest", "-n", place[0], place[1], "--type=merge",
                "-p", #"{"metadata": {"finalizers": null}}"#,
            ])
        }
    }
}
