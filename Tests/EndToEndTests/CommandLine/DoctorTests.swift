import ClusterSupport
import Foundation
import Testing

/// The doctor looks at the operator as it is installed.
@Suite(.needsCluster, .alone)
struct CommandLineDoctorTests {
    @Test func aSoundInstallationIsToldFromOneThatStandsStill() async throws {
        try await Installation.run { installation in
            var reportctl = ReportCTL(place: ["-n", "default"])
            // By the installation's Secret.
            reportctl.environment = ["MONGODB_URI": ""]
            let sound = try await reportctl.run("doctor")
            #expect(sound.status == 0, "\(sound)")
            for line in [
                #/ok +API server/#, #/ok +CRDs +reportpipelines, .*reportdeliveries are served/#,
                #/ok +permissions/#, #/ok +operator +2 of 2 ready/#, #/ok +MongoDB +answers, version 6/#,
                #/ok +Redis +answers, version \d/#,
            ] { #expect(sound.output.contains(line), "\(sound)") }
            // One that acts for all namespaces, beside the tool of its version.
            #expect(!sound.output.contains("versions"), "\(sound)")

            try await installation.kubectl("scale", "deployment/report-operator", "--replicas=1")
            // Or the one before would come back beside the one that can't start.
            try await installation.kubectl(
                "patch", "deployment/report-operator", "-p",
                #"{"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}"#)
            try await installation.kubectl(
                "set", "image", "deployment/report-operator", "operator=localhost/no/such:9.9.9")
            try await installation.kubectl("delete", "pod", "--all", "--wait=false")
            try await installation.cluster.kubectl(
                "wait", "-n", Installation.namespace, "--for=condition=Available=False", "--timeout=90s",
                "deployment/report-operator")
            let idle = try await reportctl.run("doctor")
            #expect(idle.status == 1, "\(idle)")
            #expect(idle.output.contains(/FAILED +operator +0 of 1 ready/), "\(idle)")
            #expect(idle.output.contains("→ kubectl describe deployment report-operator"), "\(idle)")
            #expect(idle.output.contains(/warning +versions +reportctl is .*, the operator 9.9.9/), "\(idle)")
            let json = try await reportctl.run("doctor", "-o", "json")
            let findings = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: String]])
            #expect(json.status == 1 && findings.contains { $0["level"] == "failure" && $0["mend"] != nil })
        }
    }
}
