import ClusterSupport
import Foundation
import LoopbackSupport
import Testing

/// The doctor looks at the operator as it is installed.
@Suite(.needsCluster, .alone)
struct CommandLineDoctorTests {
    /// A pipeline whose stages wait for each other, and a schedule that gives a pipeline what it doesn't know.
    private static let faults = """
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: doctor-circle}
        spec:
          stages:
          - {name: a, image: i, dependsOn: [b]}
          - {name: b, image: i, dependsOn: [a]}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: doctor-sound}
        spec:
          stages: [{name: a, image: i}]
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportSchedule
        metadata: {name: doctor-wrong}
        spec:
          schedule: "0 6 1 1 *"
          request: {spec: {pipelineRef: {name: doctor-sound}, parameters: {month: "2026-10"}}}

        """

    @Test func aSoundInstallationIsToldFromOneThatStandsStill() async throws {
        try await Installation.run { installation in
            var reportctl = ReportCTL(place: ["-n", "default"])
            // By the installation's Secret.
            reportctl.environment = ["MONGODB_URI": ""]
            let sound = try await reportctl.run("doctor")
            #expect(sound.status == 0, "\(sound)")
            for line in [
                #/ok +API server/#, #/ok +CRDs +reportpipelines, .*reportdeliveries are served/#,
                #/ok +permissions/#, #/ok +operator +2 of 2 ready/#,
                #/ok +MongoDB +answers, version 6\S*, at \S+, which the Secret report-operator-mongodb in namespace /#,
                #/ok +Redis +answers, version \S+, at \S+, which \$REDIS_URL names/#,
            ] { #expect(sound.output.contains(line), "\(sound)") }
            // One that acts for all namespaces, beside the tool of its version.
            #expect(!sound.output.contains("versions"), "\(sound)")
            #expect(!sound.output.contains("that is not the operator's"), "\(sound)")
            #expect(!sound.output.contains(" may not in namespace "), "\(sound)")

            var elsewhere = reportctl
            let port = FreePort.find()
            elsewhere.environment["MONGODB_URI"] =
                "mongodb://user:sesame@127.0.0.1:\(port)/?serverSelectionTimeoutMS=300"
            let asked = try await elsewhere.run("doctor")
            #expect(
                asked.output.contains(/FAILED +MongoDB .*, at 127\.0\.0\.1:\d+, which \$MONGODB_URI names/),
                "\(asked)")
            #expect(
                asked.output.contains(/warning +MongoDB +that is not the operator's address, which is \S/),
                "\(asked)")
            #expect(!"\(asked)".contains("sesame"), "\(asked)")

            try await installation.cluster.apply(Self.faults, in: "default")
            for object in ["reportpipeline/doctor-circle", "reportschedule/doctor-wrong"] {
                try await installation.cluster.kubectl(
                    "wait", "-n", "default", "--for=condition=Ready=False", "--timeout=90s", object)
            }
            let faulty = try await reportctl.run("doctor")
            #expect(
                faulty.output.contains(/warning +pipelines +1 pipeline can't run, such as doctor-circle: ./),
                "\(faulty)")
            #expect(
                faulty.output.contains(/warning +schedules +every run of 1 schedule fails, such as doctor-wrong: ./),
                "\(faulty)")
            try await installation.cluster.kubectl(
                "delete", "-n", "default", "reportschedule/doctor-wrong", "reportpipeline/doctor-circle",
                "reportpipeline/doctor-sound")

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

            try await installation.kubectl("delete", "clusterrolebinding", "report-operator")
            var barred = ""
            // The API server learns of it by a watch.
            try await eventually("the operator lacks its rights: \(barred)") {
                barred = try await reportctl.run("doctor").output
                return barred.contains(
                    /operator +system:serviceaccount:report-operator:report-operator may not in namespace default: .*create jobs\.batch/
                )
            }
        }
    }
}
