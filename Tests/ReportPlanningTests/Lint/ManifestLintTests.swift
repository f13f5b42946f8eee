import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What is said of manifests before they are applied.
struct ManifestLintTests {
    private func manifest(
        _ kind: String, _ name: String, _ spec: JSONValue, line: Int = 1, apiVersion: JSONValue = "reports.ers.dev/v1",
        namespace: String? = nil
    ) -> LintManifest {
        var metadata: JSONObject = ["name": .string(name)]
        metadata["namespace"] = namespace.map(JSONValue.string)
        return LintManifest(
            place: "a.yaml:\(line)",
            object: [
                "apiVersion": apiVersion, "kind": .string(kind), "metadata": .object(metadata), "spec": spec,
            ])
    }

    private static let stages: JSONValue = [["name": "a", "image": "b:1"]]
    private static let pipeline: JSONValue = [
        "parameters": [["name": "period", "type": "month", "required": true]], "stages": stages,
    ]

    private func lint(
        _ manifests: LintManifest..., known: [ReportPipeline] = [], knowsAll: Bool = false
    ) -> [LintFinding] {
        ManifestLint(
            namespace: "finance", known: Dictionary(known.map { ($0.key, $0) }) { first, _ in first },
            knowsAll: knowsAll, now: .start,
            zoneFault: { $0 == "Europe/Bonn" ? "the zone \"Europe/Bonn\" is unknown" : nil }
        ).findings(manifests)
    }

    private func schedule(_ parameters: JSONValue, _ more: JSONObject = [:]) -> LintManifest {
        let spec: JSONObject = [
            "schedule": "0 6 1 * *",
            "request": ["spec": ["pipelineRef": ["name": "books"], "parameters": parameters]],
        ]
        return manifest("ReportSchedule", "monthly", .object(spec.merging(more) { $1 }), line: 20)
    }

    /// What can't be read hides neither other faults nor what a schedule for it says.
    @Test func aFieldThatCannotBeReadHidesNothing() {
        let spec: JSONValue = [
            "parameters": [["name": "period", "type": "month", "required": true]],
            "stages": [
                ["name": "a", "image": "b:1", "startTimeout": "0s", "dependsOn": ["b"]],
                ["name": "b", "image": "b:1", "timeout": 5, "dependsOn": ["a"], "imagePull": "Always"],
            ],
        ]
        let findings = lint(manifest("ReportPipeline", "books", spec), schedule(["periodd": "{month-1}"]))
        let messages = findings.map(\.message)
        #expect(messages.contains { $0.hasPrefix("spec.stages[0].startTimeout: ") }, "\(messages)")
        #expect(messages.contains { $0.hasPrefix("spec.stages[1].timeout: ") }, "\(messages)")
        #expect(messages.contains { $0.hasPrefix("spec.stages: a needs b needs a") }, "\(messages)")
        #expect(messages.contains { $0.hasPrefix("spec.stages[1].imagePull: is unknown") }, "\(messages)")
        #expect(messages.contains { $0.contains("periodd") }, "\(messages)")
        #expect(messages.count == 6, "\(messages)")
    }

    /// Of a schedule and of a trigger: the other parameters are held against the pipeline all the same.
    @Test func aPlaceholderThatCannotBeReadHidesNothing() {
        let pipeline = manifest("ReportPipeline", "books", Self.pipeline)
        let schedule = schedule(
            ["period": "{moon}", "periodd": "{month-1}", "ledgr": "{moon}"], ["skipOn": "holidays"])
        let trigger = trigger(["period": "{label}", "periodd": "x", "ledgr": "{label}"], ["tokenSHA256": "0"])
        for (what, findings) in [("schedule", lint(pipeline, schedule)), ("trigger", lint(pipeline, trigger))] {
            let messages = findings.map(\.message)
            #expect(messages.contains { $0.contains(".period: ") }, "\(what): \(messages)")
            #expect(messages.contains { $0.contains(".periodd: ") }, "\(what): \(messages)")
            #expect(messages.contains { $0.contains(".ledgr: is unknown") }, "\(what): \(messages)")
            #expect(messages.count == 5, "\(what): \(messages)")
        }
    }

    /// A pipeline that can't be read at all says nothing of what its schedules give it, which is said.
    @Test func whatIsNotCheckedIsSaid() {
        let findings = lint(
            manifest("ReportPipeline", "books", ["stages": [["name": "a"]]]), schedule(["periodd": "{month-1}"]))
        #expect(
            findings.map(\.message) == [
                "spec.stages[0].image: is required",
                "ReportPipeline \"books\" can't be read, so parameters aren't checked",
            ])
    }

    @Test func nothingIsSaidOfWhatIsRight() {
        let findings = lint(
            manifest("ReportPipeline", "books", Self.pipeline), schedule(["period": "{month-1}"]),
            manifest("ReportRequest", "one", ["pipelineRef": ["name": "books"], "parameters": ["period": "2026-10"]]),
            manifest("ConfigMap", "other", [:], apiVersion: "v1"))
        #expect(findings == [])
    }

    @Test(
        arguments: [
            (
                ["stages": [["name": "a", "image": "b", "dependsOn": ["b"]], ["name": "b", "image": "b"]]],
                "spec.stages: a needs b needs a: a stage must not wait for itself"
            ),
            (["stages": [["name": "a", "image": 5]]], "spec.stages[0].image: expected a string"),
            (["stages": [["name": "a"]]], "spec.stages[0].image: is required"),
            (
                ["stages": [["name": "a", "image": "b", "dependson": ["b"]]]],
                "spec.stages[0].dependson: is unknown, and a cluster may drop it without a word; check"
            ),
            (["stages": stages, "titel": "x"], "spec.titel: is unknown"),
            (["stages": stages, "report": ["timeZone": "Europe/Bonn"]], "spec.report.timeZone: the zone"),
            (
                ["stages": stages, "parameters": [["name": "n", "type": "integer", "default": "many"]]],
                "spec.parameters[0].default: \"many\" is not an integer such as 42"
            ),
        ] as [(JSONValue, String)])
    func faultsOfAPipelineAreNamed(spec: JSONValue, message: String) throws {
        let findings = lint(manifest("ReportPipeline", "books", spec, line: 7))
        let found = try #require(findings.first)
        #expect(findings.count == 1 && found.level == .error && found.place == "a.yaml:7")
        #expect(found.subject == "ReportPipeline books" && found.message.hasPrefix(message), "\(found.message)")
    }

    /// What a pod is made of is Kubernetes' to know.
    @Test func whatPassesThroughUnreadIsNotCalledUnknown() {
        let spec: JSONValue = [
            "stages": [
                [
                    "name": "a", "image": "b", "env": [["name": "X", "valueFrom": ["x": ["y": 1]]]],
                    "podTemplate": ["spec": ["nodeSelector": ["disk": "nvme"], "anything": [[:]]]],
                ]
            ]
        ]
        #expect(lint(manifest("ReportPipeline", "books", spec)) == [])
    }

    @Test(
        arguments: [
            (["period": "{date}"], [:], #"spec.request.spec.parameters.period: "2028-01-01" is not a month"#),
            ([:], [:], "spec.request.spec.parameters.period: is required"),
            (["period": "{month}", "x": "1"], [:], "spec.request.spec.parameters.x: is unknown; the pipeline takes"),
            (["period": "{moon}"], [:], #"spec.request.spec.parameters.period: "{moon}" is unknown"#),
            (["period": "{month}"], ["schedule": "0 0 30 2 *"], #"spec.schedule: "0 0 30 2 *" never comes"#),
            (["period": "{month}"], ["schedule": "0 6 1 *"], #"spec.schedule: "0 6 1 *" has 4 fields"#),
            (["period": "{month}"], ["timeZone": "Europe/Bonn"], "spec.timeZone: the zone"),
            (["period": "{month}"], ["concurencyPolicy": "Forbid"], "spec.concurencyPolicy: is unknown"),
            (["period": "{month}"], ["concurrencyPolicy": "Never"], "spec.concurrencyPolicy: "),
        ] as [(JSONValue, JSONObject, String)])
    func aScheduleIsHeldAgainstThePipelineOfTheSameFiles(
        parameters: JSONValue, more: JSONObject, message: String
    ) throws {
        let findings = lint(manifest("ReportPipeline", "books", Self.pipeline), schedule(parameters, more))
        let found = try #require(findings.first)
        #expect(findings.count == 1 && found.level == .error && found.place == "a.yaml:20", "\(findings)")
        #expect(found.message.hasPrefix(message), "\(found.message)")
    }

    private func trigger(_ parameters: JSONValue, _ more: JSONObject = [:]) -> LintManifest {
        let spec: JSONObject = [
            "match": ["labels": ["alertname": "Late"]], "tokenSHA256": .string(String(repeating: "0", count: 64)),
            "request": ["pipelineRef": ["name": "books"], "parameters": parameters],
        ]
        return manifest("ReportTrigger", "late", .object(spec.merging(more) { $1 }), line: 30)
    }

    @Test(
        arguments: [
            (["period": "October"], [:], #"spec.request.parameters.period: "October" is not a month"#),
            ([:], [:], "spec.request.parameters.period: is required"),
            (["period": "{label:month}", "x": "1"], [:], "spec.request.parameters.x: is unknown; the pipeline takes"),
            (["period": "{month}"], [:], #"spec.request.parameters.period: "{month}" is unknown"#),
            (["period": "{label:month}"], ["tokenSHA256": "secret"], "spec.tokenSHA256: must be the 64 hexadecimal"),
            (["period": "{label:month}"], ["match": ["labels": [:]]], "spec.match.labels: at least one"),
            (["period": "{label:month}"], ["cooldown": "2h", "staleAfter": "1h"], "spec.staleAfter: must be longer"),
            (["period": "{label:month}"], ["coolDown": "2h"], "spec.coolDown: is unknown"),
        ] as [(JSONValue, JSONObject, String)])
    func aTriggerIsHeldAgainstThePipelineOfTheSameFiles(
        parameters: JSONValue, more: JSONObject, message: String
    ) throws {
        let findings = lint(manifest("ReportPipeline", "books", Self.pipeline), trigger(parameters, more))
        let found = try #require(findings.first)
        #expect(findings.count == 1 && found.level == .error && found.place == "a.yaml:30", "\(findings)")
        #expect(found.message.hasPrefix(message), "\(found.message)")
    }

    @Test func nothingIsSaidOfATriggerThatIsRightButThatItsPipelineIsNotThere() {
        let right = trigger(["period": "{label:month}"])
        #expect(lint(manifest("ReportPipeline", "books", Self.pipeline), right) == [])
        let alone = lint(right)
        #expect(alone.map(\.level) == [.warning])
        #expect(alone.first?.message.hasPrefix("spec.request.pipelineRef.name: there is no ReportPipeline") == true)
    }

    @Test func aRequestIsHeldAgainstThePipelineOfTheSameFiles() {
        let request = manifest(
            "ReportRequest", "one", ["pipelineRef": ["name": "books"], "parameters": ["period": "October"]], line: 9)
        let findings = lint(request, manifest("ReportPipeline", "books", Self.pipeline))
        #expect(
            findings == [
                LintFinding(
                    .error, place: "a.yaml:9", subject: "ReportRequest one",
                    message: #"spec.parameters.period: "October" is not a month such as "2026-10" (quote it in YAML)"#)
            ])
    }

    /// Its faults are told once, where it stands.
    @Test func aFaultyPipelineIsNotToldOfAgainInItsRequests() {
        let request = manifest("ReportRequest", "one", ["pipelineRef": ["name": "books"]])
        let findings = lint(request, manifest("ReportPipeline", "books", ["stages": []], line: 3))
        #expect(findings.map(\.place) == ["a.yaml:3"])
    }

    @Test func aPipelineElsewhereIsAWarningUntilTheClusterIsAsked() throws {
        let schedule = schedule(["period": "2026-10-01"])
        let unknown = try #require(lint(schedule).first)
        #expect(unknown.level == .warning)
        #expect(unknown.message.contains("--server asks the cluster for it"))
        #expect(lint(schedule, knowsAll: true).map(\.level) == [.error])
        let books = ReportPipeline.fixture("books", .chain("a").parameters(.init(name: "period", type: .month)))
        let known = lint(schedule, known: [books], knowsAll: true)
        #expect(known.count == 1 && known.first?.message.contains("is not a month") == true)
        // In another namespace it is another one.
        let other = manifest("ReportPipeline", "books", Self.pipeline, namespace: "plant")
        #expect(lint(other, schedule).map(\.level) == [.warning])
    }

    @Test(
        arguments: [
            (["kind": "ReportPipeline", "spec": [:]], "apiVersion: is absent; must be reports.ers.dev/v1"),
            (
                ["apiVersion": "reports.ers.dev/v2", "kind": "ReportPipeline"],
                "apiVersion: \"reports.ers.dev/v2\" must be reports.ers.dev/v1"
            ),
            (["apiVersion": "reports.ers.dev/v1", "kind": "ReportPipline"], "kind: \"ReportPipline\" must be one of"),
            (
                ["apiVersion": "reports.ers.dev/v1", "kind": "ReportPipeline", "spec": [:]],
                "metadata.name: is required"
            ),
            ("only text", "is not an object with apiVersion, kind, metadata and spec"),
        ] as [(JSONValue, String)])
    func whatIsNoObjectOfOursIsSaid(object: JSONValue, message: String) {
        let findings = ManifestLint(namespace: "x", now: .start).findings([LintManifest(place: "-:1", object: object)])
        #expect(findings.count == 1 && findings.first?.message.hasPrefix(message) == true, "\(findings)")
    }

    @Test func anObjectTwiceIsAnError() {
        let findings = lint(
            manifest("ReportPipeline", "books", Self.pipeline),
            manifest("ReportPipeline", "books", Self.pipeline, line: 5))
        #expect(findings.map(\.place) == ["a.yaml:5"])
    }

    @Test func itemsOfAListAreLookedAt() {
        let list: JSONValue = [
            "apiVersion": "v1", "kind": "List", "items": [manifest("ReportPipeline", "books", ["stages": []]).object],
        ]
        let findings = ManifestLint(namespace: "x", now: .start).findings([LintManifest(place: "l:1", object: list)])
        #expect(findings.map(\.message) == ["spec.stages: at least one is required"])
    }
}
