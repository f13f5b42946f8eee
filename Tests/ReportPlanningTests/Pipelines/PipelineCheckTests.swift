import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct PipelineCheckTests {
    static let table: [(PipelineSpec, [String])] = [
        (.chain("a"), []),
        (.diamond.workspace().timeout("4h").concurrency(key: "k", limit: 100, scope: .shared), []),
        (PipelineSpec(stages: []), ["stages: at least one is required"]),
        (.chain("a").concurrency(limit: 0), ["concurrency.limit: 0 is out of bounds; allowed are 1 to 100"]),
        (.chain("a").concurrency(key: ""), ["concurrency.key: \"\" must have 1 to 253 characters"]),
        (.chain("a").workspace("1 Gi"), ["workspace.size: \"1 Gi\" is not a quantity such as 500Mi or 1Gi"]),
        (.chain("a").workspace("1.5Gi"), []),
        (
            .chain("Extract"),
            ["stages[0].name: \"Extract\" must be lower-case letters, digits and dashes, at most 63"]
        ),
        (.chain("a-"), ["stages[0].name: \"a-\" must be lower-case letters, digits and dashes, at most 63"]),
        (
            .chain("e\u{301}"),
            ["stages[0].name: \"e\u{301}\" must be lower-case letters, digits and dashes, at most 63"]
        ),
        (.chain("a").stage("a") { $0.image = "" }, ["stages[0].image: is required"]),
        (
            .chain("a").stage("a") { $0.retries = -1 },
            ["stages[0].retries: -1 is out of bounds; allowed are 0 to 10"]
        ),
        (
            .chain("a").stage("a") { $0.env = [.object(["value": .string("x")])] },
            ["stages[0].env[0].name: is required"]
        ),
        (
            .chain("a").stage("a") { $0.env = [.object(["name": .string("REPORT_ID")])] },
            ["stages[0].env[0].name: \"REPORT_ID\" is reserved, as is all of REPORT_*"]
        ),
        (
            .chain("a").stage("a") { $0.podTemplate = template(env: "REPORT_PARAM_X") },
            [
                "stages[0].podTemplate.spec.containers[0].env[0].name: \"REPORT_PARAM_X\" is reserved, "
                    + "as is all of REPORT_*"
            ]
        ),
        (.chain("a").stage("a") { $0.podTemplate = template(env: "MY_REPORT_ID") }, []),
        (
            .chain("a").stage("a") { $0.podTemplate = .string("x") },
            ["stages[0].podTemplate: \"x\" must be an object with metadata and spec"]
        ),
        (
            .chain("a").stage("a") { $0.podTemplate = .object(["metadata": .string("x")]) },
            ["stages[0].podTemplate.metadata: \"x\" must be an object"]
        ),
        (
            .chain("a").stage("a") { $0.podTemplate = .object(["metadata": .object(["labels": .array([])])]) },
            ["stages[0].podTemplate.metadata.labels: a list must be an object"]
        ),
        (
            .chain("a").stage("a") { $0.podTemplate = .object(["metadata": .object(["annotations": .string("")])]) },
            ["stages[0].podTemplate.metadata.annotations: \"\" must be an object"]
        ),
        (
            .chain("a").stage("a") { stage in
                stage.command = ["sh", "a\u{0}"]
                stage.args = ["\u{0}"]
                stage.env = [.object(["name": .string("E"), "value": .string("x\u{0}")])]
            },
            [
                "stages[0].command[1]: has a NUL byte (at byte 1), which no program's argument can hold; take it out",
                "stages[0].args[0]: has a NUL byte (at byte 0), which no program's argument can hold; take it out",
                "stages[0].env[0].value: has a NUL byte (at byte 1), which no environment variable can hold; take it out",
            ]
        ),
        (
            .chain("a").stage("a") { $0.image = "busybox\n" },
            ["stages[0].image: has a blank or a control character (at byte 7); take it out"]
        ),
        (
            .chain("a").stage("a") { $0.podTemplate = .object(["spec": .array([])]) },
            ["stages[0].podTemplate.spec: a list must be an object"]
        ),
        (
            .chain("a", "b", "a", "a"),
            [
                "stages[2].name: \"a\" is used twice; stage names must be unique",
                "stages[3].name: \"a\" is used twice; stage names must be unique",
            ]
        ),
        (
            PipelineSpec(stages: [.fixture("a"), .fixture("b", after: ["a", "c"])]),
            ["stages[1].dependsOn: there is no stage \"c\"; there are a, b"]
        ),
        (
            PipelineSpec(stages: [.fixture("a", after: ["c"]), .fixture("b"), .fixture("c")]),
            ["stages: a needs c needs b needs a: a stage must not wait for itself"]
        ),
        (
            PipelineSpec(stages: [.fixture("a", after: ["a"])]),
            ["stages: a needs a: a stage must not wait for itself"]
        ),
        (
            .chain((0..<65).map { "s\($0)" }), ["stages: 65 are given; at most 64 are allowed"]
        ),
        (
            .chain("a").parameters(.init(name: "period", type: .month)).with {
                $0.report = LayoutSpec(title: "TB {period} {report}", columns: [.init(name: "a", format: "0.00")])
            }, []
        ),
        (
            .chain("a").parameters(.init(name: "period", type: .month)).with {
                $0.report = LayoutSpec(
                    title: "TB {peroid}", locale: "de", columns: [.init(name: "a", format: "0.0?", total: "all")],
                    charts: [.init(type: "bar", x: "a", series: [])])
            },
            [
                """
                report.title: "{peroid}" is unknown; allowed are {report}, {namespace}, {pipeline}, {period}; write \
                {{ for a brace
                """,
                """
                report.locale: "de" is unknown; allowed are en-US, en-GB, de-DE, fr-FR, es-ES, pt-BR, ja-JP, zh-CN
                """,
                #"report.columns[0].total: "all" is unknown; allowed are none, sum"#,
                """
                report.columns[0].format: "0.0?" has "?" at character 4, which is unknown; allowed are 0 # , . % and \
                ; y m d h s and AM/PM, ( ) - + / : $ and space, text in "quotes", and [Red]
                """,
                "report.charts[0].series: at least one is required",
            ]
        ),
        (
            .chain("a").parameters(.init(name: "1x", type: .string)),
            ["parameters[0].name: \"1x\" must begin with a letter, then letters, digits, _ and -"]
        ),
        (
            .chain("a").parameters(.init(name: "a-b", type: .string), .init(name: "A_B", type: .string)),
            ["parameters[1].name: \"A_B\" and \"a-b\" both become REPORT_PARAM_A_B"]
        ),
        (
            .chain("a").parameters(.init(name: "p", type: .month, default: .string("x"), enum: [.integer(1)])),
            [
                "parameters[0].enum: 1 is not a month such as \"2026-10\" (quote it in YAML)",
                "parameters[0].default: \"x\" is not a month such as \"2026-10\" (quote it in YAML)",
            ]
        ),
        (
            .chain("a").parameters(
                .init(name: "p", type: .string, default: .string("c"), enum: [.string("a"), .string("b")])),
            ["parameters[0].default: \"c\" is not one of a, b"]
        ),
    ]

    @Test(arguments: table) func faultNamesFieldAndValueAndWhatIsAllowed(pipeline: PipelineSpec, faults: [String]) {
        #expect(PipelineCheck.faults(in: pipeline, at: "spec") == faults.map { "spec.\($0)" })
    }

    @Test func everyFaultIsNamedAtOnce() {
        let pipeline = PipelineSpec.chain("A", "b").concurrency(limit: 0).workspace("x").stage("b") { $0.image = "" }
        #expect(PipelineCheck.faults(in: pipeline, at: "spec").count == 4)
    }

    @Test func pipelineIsAtMost256KiBLong() throws {
        let fits = PipelineSpec.chain("a").with { $0.description = String(repeating: "x", count: 255 * 1024) }
        #expect(PipelineCheck.faults(in: fits, at: "spec") == [])
        let tooLong = fits.with { $0.title = String(repeating: "x", count: 2048) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let bytes = try encoder.encode(tooLong).count
        #expect(
            PipelineCheck.faults(in: tooLong, at: "spec.pipeline")
                == ["spec.pipeline: the pipeline is \(bytes) bytes long as stored; at most 262144 are allowed"])
    }

    /// The API server writes `<` in six bytes, so these would be 1.5 MB in a status.
    @Test func itIsMeasuredAsTheAPIServerStoresIt() throws {
        let pipeline = PipelineSpec.chain("a").stage("a") {
            $0.args = [String(repeating: "<", count: 125_000), String(repeating: "<", count: 125_000)]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let bytes = try encoder.encode(pipeline).count
        #expect(bytes < PipelineCheck.maximumBytes)
        #expect(
            PipelineCheck.faults(in: pipeline, at: "spec")
                == ["spec: the pipeline is \(bytes + 5 * 250_000) bytes long as stored; at most 262144 are allowed"])
    }

    /// Where the server has no schema, the check itself must bear what a request can hold.
    @Test func enormousPipelineIsRefusedInBoundedSpace() {
        let names = (0..<20_000).map { "s\($0)" }
        let stages = names.indices.map { index in
            StageSpec.fixture(names[index], after: index + 1 < names.count ? [names[index + 1]] : [])
        }
        #expect(
            PipelineCheck.faults(in: PipelineSpec(stages: stages), at: "spec").first
                == "spec.stages: 20000 are given; at most 64 are allowed")
        let many = PipelineSpec(stages: [.fixture("a", after: (0..<5000).map { "x\($0)" })])
        #expect(
            PipelineCheck.faults(in: many, at: "spec")
                == ["spec.stages[0].dependsOn: 5000 are given; at most 64 are allowed"])
    }

    private static func template(env name: String) -> JSONValue {
        .object([
            "spec": .object([
                "containers": .array([
                    .object([
                        "name": .string("stage"),
                        "env": .array([.object(["name": .string(name), "value": .string("x")])]),
                    ])
                ])
            ])
        ])
    }
}
