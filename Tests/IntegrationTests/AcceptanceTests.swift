import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportPlanning
import Testing

/// What is checked before a stage starts, and what waits for it.
@Suite struct AcceptanceTests {
    struct Faulty: CustomTestStringConvertible, Sendable {
        let fault: String
        let spec: String
        /// What the operator's message must say.
        let words: [String]
        /// What the refusal of a server with validation rules must say; empty where there is no rule for it.
        let refusal: [String]

        var testDescription: String { fault }

        init(_ fault: String, _ spec: String, _ words: String..., refusal: [String] = []) {
            (self.fault, self.spec, self.words, self.refusal) = (fault, spec, words, refusal)
        }

        static func parameters(_ fault: String, _ values: String, _ words: String...) -> Faulty {
            var faulty = Faulty(
                fault,
                """
                pipeline:
                  parameters: [{name: period, type: month, required: true}, {name: company, type: string}]
                  stages: [{name: a, image: b}]
                parameters: \(values)
                """)
            faulty = Faulty(fault, faulty.spec, words)
            return faulty
        }

        private init(_ fault: String, _ spec: String, _ words: [String]) {
            (self.fault, self.spec, self.words, refusal) = (fault, spec, words, [])
        }
    }

    @Test(arguments: [
        Faulty.parameters("nested", "{period: {from: 1}}", "spec.parameters.period", "an object", "2026-10"),
        Faulty.parameters("a list", "{period: [1]}", "spec.parameters.period", "a list"),
        Faulty.parameters("a number", "{period: 202610}", "spec.parameters.period", "202610"),
        Faulty.parameters("missing", "{}", "spec.parameters.period", "is required"),
        Faulty.parameters(
            "wrong and unknown", "{period: October, compny: x}", "spec.parameters.period: \"October\"",
            "spec.parameters.compny: is unknown", "company"),
        Faulty.parameters(
            "a text that is none", "{period: '2026-10', company: 7}", "spec.parameters.company", "string"),
        Faulty(
            "no such stage", "pipeline: {stages: [{name: a, image: b, dependsOn: [z]}]}", "stages[0].dependsOn", "z",
            refusal: ["spec.pipeline.stages", "a stage that isn't there"]),
        Faulty(
            "a ring", "pipeline: {stages: [{name: a, image: b, dependsOn: [c]}, {name: c, image: b}]}", "a needs c"),
        Faulty(
            "a reserved name", "pipeline: {stages: [{name: a, image: b, env: [{name: REPORT_ID}]}]}", "REPORT_ID",
            refusal: ["spec.pipeline.stages[0].env[0].name", "REPORT_ID", "the operator's"]),
        Faulty(
            "no pipeline", "priority: 1", "spec: exactly one of pipelineRef and pipeline is needed; neither is given",
            refusal: ["spec: Invalid value", "exactly one of pipelineRef and pipeline is needed"]),
        Faulty(
            "two pipelines", "pipelineRef: {name: p}\npipeline: {stages: [{name: a, image: b}]}",
            "spec: exactly one of pipelineRef and pipeline is needed; both are given",
            refusal: ["spec: Invalid value", "exactly one of pipelineRef and pipeline is needed"]),
        Faulty(
            "a template that is none", "pipeline: {stages: [{name: a, image: b, podTemplate: {spec: [1]}}]}",
            "stages[0].podTemplate.spec"),
    ])
    func whatTheSchemaLetsThroughFailsByName(_ faulty: Faulty) async throws {
        try await TestBed.run { bed in
            if !faulty.refusal.isEmpty, try await bed.cluster.checksRules() {
                let refusal = try await bed.cluster.refusal {
                    try await bed.createRequest(of: nil, more: faulty.spec)
                }
                for word in faulty.refusal { #expect(refusal.contains(word), "\(refusal)") }
                return
            }
            try await bed.createRequest(of: nil, more: faulty.spec)
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.status?.reason == Reason.invalidSpec)
            #expect(failed.condition(.accepted)?.isTrue == false)
            #expect(failed.condition(.failed)?.isTrue == true)
            for word in faulty.words {
                #expect(failed.status?.message?.contains(word) == true, "\(failed.status?.message ?? "")")
            }
            #expect(try await bed.jobs().isEmpty)
            #expect(try bed.jobCreations().isEmpty)
        }
    }

    /// Servers with validation rules refuse it; others leave it to the operator.
    @Test func aDurationOfNothingIsRefusedSomewhere() async throws {
        try await TestBed.run { bed in
            let spec = "pipeline: {timeout: 0s, stages: [{name: a, image: b}]}"
            if try await bed.cluster.checksRules() {
                let refusal = try await bed.cluster.refusal { try await bed.createRequest(of: nil, more: spec) }
                #expect(refusal.contains("spec.pipeline.timeout"), "\(refusal)")
                return
            }
            try await bed.createRequest(of: nil, more: spec)
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.status?.reason == Reason.invalidSpec)
            #expect(failed.status?.message?.contains("spec.pipeline.timeout: \"0s\"") == true)
        }
    }

    /// Servers with validation rules refuse the change; on others it has no effect.
    @Test(arguments: [
        ("{parameters: {period: 2026-11}}", "parameters can't be changed"),
        ("{parameters: {company: X}}", "parameters can't be changed"),
        ("{parameters: null}", "parameters can't be changed"),
        ("{pipelineRef: {name: other}}", "pipelineRef can't be changed"),
        ("{requester: {name: Dan}}", "requester can't be changed"),
        ("{output: {formats: [html]}}", "output can't be changed"),
        ("{attempt: 1}", "attempt may only rise"),
    ])
    func whatWasAskedForStays(change: String, words: String) async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(
                more: """
                    parameters: [{name: period, type: month}, {name: company, type: string}]
                    stages: [{name: one, image: a}, {name: two, image: a}]
                    """)
            try await bed.createPipeline("other")
            try await bed.createRequest(
                more: "{parameters: {period: 2026-10}, requester: {name: Dana}, output: {formats: [pdf]}, attempt: 2}")
            let one = try await bed.pod(of: "one", attempt: 2)
            if try await bed.cluster.checksRules() {
                let refusal = try await bed.cluster.refusal { try await bed.patchRequest("run", "spec: \(change)") }
                #expect(refusal.contains(words), "\(refusal)")
            } else {
                try await bed.patchRequest("run", "spec: \(change)")
            }
            try await bed.kubelet.end(one, exitCode: 0)
            let two = try await bed.pod(of: "two", attempt: 2)
            let parameters = try await bed.cluster.kubectl(
                "get", "pod", two.metadata.name, "-n", bed.namespace, "-o",
                #"jsonpath={.spec.containers[0].env[?(@.name=="REPORT_PARAMETERS")].value}"#)
            #expect(parameters == #"{"period":"2026-10"}"#)
            try await bed.kubelet.end(two, exitCode: 0)
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.stagePhases == [.succeeded, .succeeded])
            #expect(done.status?.attempt == 2)
        }
    }

    /// As `kubectl get` shows and selects them.
    @Test func aRequestShowsItsParametersAndIsFoundByPipelineAndRequester() async throws {
        try await TestBed.run { bed in
            try await bed.cluster.kubectl(
                "apply", "-n", bed.namespace, "-f", "-",
                input: """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportPipeline
                    metadata: {name: books}
                    spec:
                      parameters: [{name: period, type: month}, {name: company, type: string}]
                      stages: [{name: one, image: i}]
                    ---
                    apiVersion: reports.ers.dev/v1
                    kind: ReportRequest
                    metadata: {name: run}
                    spec:
                      pipelineRef: {name: books}
                      parameters: {period: "2026-10", company: "ACME"}
                      requester: {name: Dana Reyes, email: dana@example.com}
                    """)
            let accepted = try await bed.wait("is accepted") {
                $0.status?.accepted != nil && $0.metadata.labels["reports.ers.dev/requester"] != nil
            }
            func get(_ arguments: String...) async throws -> String {
                try await bed.cluster.kubectlResult(
                    ["get", "reportrequests", "-n", bed.namespace] + arguments, input: nil
                )
                .output
            }
            let plain = try await get()
            #expect(plain.contains("PERIOD") && plain.contains("2026-10") && !plain.contains("ACME"), "\(plain)")
            let wide = try await get("-o", "wide")
            #expect(wide.contains("PARAMETERS") && wide.contains("company=ACME"), "\(wide)")
            for key in ["pipeline", "requester"] {
                let label = "reports.ers.dev/\(key)"
                let value = try #require(accepted.metadata.labels[label], "\(accepted.metadata.labels)")
                #expect(try await get("-l", "\(label)=\(value)", "-o", "name").contains("/run"))
                #expect(try await get("-l", "\(label)=other", "-o", "name").isEmpty)
            }
        }
    }

    @Test func aPipelineThatComesLaterIsWaitedFor() async throws {
        try await TestBed.run { bed in
            try await bed.createRequest()
            let waiting = try await bed.wait("waits") { $0.status?.reason == Reason.pipelineNotFound }
            #expect(waiting.status?.phase == .queued)
            #expect(waiting.status?.message?.contains("\"report\"") == true)
            try await bed.createPipeline()
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.condition(.accepted)?.isTrue == true)
        }
    }

    @Test func aPipelineThatDoesNotComeFailsTheRequestAfterAMinute() async throws {
        let clock = ShiftedClock()
        try await TestBed.run(now: { clock.now }) { bed in
            try await bed.createRequest()
            try await bed.wait("waits") { $0.status?.reason == Reason.pipelineNotFound }
            // The pass that this label brings sets its alarm for the three seconds that are left.
            clock.advance(by: 57)
            try await bed.patchRequest("run", "metadata: {labels: {touched: 'yes'}}")
            let failed = try await bed.wait(within: .seconds(20), phase: .failed)
            #expect(failed.status?.reason == Reason.pipelineNotFound)
            #expect(failed.status?.message?.contains("raise spec.attempt") == true)
            // What it says works.
            try await bed.createPipeline()
            try await bed.patchRequest("run", "spec: {attempt: 2}")
            try await bed.wait(phase: .succeeded)
        }
    }

    @Test func laterEditsOfAPipelineDoNotTouchARun() async throws {
        try await TestBed.run(fate: { $0.stage == "one" ? .runs : .succeeds }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            try await bed.createRequest()
            let pod = try await bed.pod(of: "one")
            try await bed.cluster.client.delete(
                ReportPipeline.self, name: "report", namespace: bed.namespace,
                options: DeleteOptions(propagation: .background))
            try await bed.kubelet.end(pod, exitCode: 0)
            let done = try await bed.wait(phase: .succeeded)
            #expect(done.stagePhases == [.succeeded, .succeeded])
        }
    }

    @Test(arguments: [
        ("{spec: {volumes: [{name: Bad_Name, emptyDir: {}}]}}", "volumes[0].name"),
        ("{spec: {nodeSelector: [1]}}", "nodeSelector"),
        ("{metadata: {annotations: {'a b': c}}}", "annotations"),
    ])
    func aPodTheServerRefusesFailsItsStage(template: String, words: String) async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(
                more: "stages: [{name: one, image: a, podTemplate: \(template)}, {name: two, image: a}]")
            try await bed.createRequest()
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.stagePhases == [.failed, .skipped])
            #expect(failed.stage("one")?.reason == Reason.jobRefused)
            #expect(failed.status?.message?.contains(words) == true, "\(failed.status?.message ?? "")")
            #expect(try await bed.jobs().isEmpty)
        }
    }

    @Test func aJobOfSomebodyElseUnderTheStagesNameFailsTheStage() async throws {
        try await TestBed.run(fate: { _ in .staysPending }) { bed in
            let request = try await bed.createRequest()
            let name = ObjectNames.job(of: request.metadata, stage: "one", attempt: 1)
            try await bed.create(
                Job.self,
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: \(name)}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}
                """)
            try await bed.createPipeline()
            let failed = try await bed.wait(phase: .failed)
            #expect(failed.status?.message?.contains("exists already and belongs to something else") == true)
            #expect(try await bed.jobs().map(\.metadata.name) == [name])
        }
    }
}
