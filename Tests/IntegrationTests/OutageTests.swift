import ClusterSupport
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportController
import Testing

/// An API server that ends, and one that doesn't know the resources yet. On a control plane of its own.
@Suite(.serialized) struct OutageTests {
    @Test func theOperatorOutlivesItsServerAndWaitsForItsDefinitions() async throws {
        try await OwnCluster.run("outage") { own in
            try await TestBed.run(on: own.live, fate: { $0.stage == "two" ? .runs : .succeeds }) { bed in
                // Without the definitions it isn't ready and says what to do; with them it goes on by itself.
                try await bed.operator.log.wait(
                    for: "Can't list objects", "resource=reportrequests.reports.ers.dev", "apply its CRD")
                #expect(!bed.operator.controller.isReady)
                try await own.applyDefinitions()
                try await bed.createPipeline(stages: ["one", "two", "three"])
                try await bed.createRequest("before")
                let pod = try await bed.pod(of: "two", request: "before")

                // Killed in the middle of a stage.
                try await own.killServer()
                try await bed.operator.log.wait(for: "trying again until it works")
                try await own.startServer()
                try await bed.kubelet.end(pod, exitCode: 0)
                let done = try await bed.wait(for: "before", within: .seconds(90), phase: .succeeded)
                #expect(done.stagePhases == [.succeeded, .succeeded, .succeeded])
                #expect(try await bed.jobs().count == 3)

                // Killed while stages start and end, again and again.
                try await bed.createPipeline("chain", stages: (1...6).map { "stage-\($0)" })
                try await bed.createRequest("during", of: "chain")
                for stage in ["stage-1", "stage-4"] {
                    try await bed.pod(of: stage, request: "during", phase: "Succeeded")
                    try await own.killServer()
                    try await own.startServer()
                }
                try await bed.wait(for: "during", within: .seconds(120), phase: .succeeded)
                // A server that is killed may not have written down what it has just done, so the Jobs are counted too.
                let all = try own.audit.creations(of: "jobs", in: bed.namespace)
                #expect(!all.isEmpty && all.values.allSatisfy { $0 == 1 }, "\(all)")
                #expect(try await bed.jobs().count == 9)
            }
        }
    }

    /// Its connections stay open, and a watch in which nothing happens looks the same: only who asks notices.
    @Test func aServerThatHangsIsTold() async throws {
        try await OwnCluster.run("hang") { own in
            try await own.applyDefinitions()
            try await Contest.run(on: own.live) { contest in
                let port = FreePort.find()
                // The one that stands by looks at the lease every two seconds.
                try await contest.withOperators(2, lastAt: "127.0.0.1:\(port)") { operators in
                    try await eventually("it is ready") {
                        (try? await StatusPage.get("readyz", port: port))?.code == 200
                    }
                    try await own.whileServerHangs {
                        try await operators[1].says("The API server answers nothing")
                        let answer = try await StatusPage.get("readyz", port: port)
                        #expect(answer.code == 503)
                        #expect(answer.text.contains("the API server has answered nothing for "))
                        #expect(try await StatusPage.get("healthz", port: port).code == 200)
                        let silence = try await StatusPage.get("metrics", port: port).text
                            .split(separator: "\n").first { $0.hasPrefix("rest_client_silence_seconds ") }
                        #expect((silence?.split(separator: " ").last.flatMap { Double($0) } ?? 0) >= 20)
                    }
                    try await operators[1].says("The API server answers again")
                    try await eventually("it is ready again") {
                        (try? await StatusPage.get("readyz", port: port))?.code == 200
                    }
                    try await contest.runReport("afterwards")
                }
            }
        }
    }
}
