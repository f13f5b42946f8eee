import Calendars
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Parameters that take several values.
struct SeveralValuesTests {
    private let plants = ParameterSpec(
        name: "plant", type: .string, enum: [.string("north"), .string("south"), .string("west")], multiple: true)
    private let years = ParameterSpec(name: "year", type: .integer, multiple: true)

    private func resolve(_ value: JSONValue, _ parameter: ParameterSpec) -> ParameterCheck.Outcome {
        ParameterCheck.resolve([parameter.name: value], declared: [parameter])
    }

    @Test func aListIsKeptAsJSONInTheTypeOfItsItems() {
        #expect(
            resolve(.strings(["south", "north"]), plants) == .values(["plant": #"["south","north"]"#]))
        #expect(
            resolve(.array([.integer(2025), .string("2026")]), years) == .values(["year": "[2025,2026]"]))
        // As a form or a command line gives it.
        #expect(resolve(.string("west"), plants) == .values(["plant": #"["west"]"#]))
    }

    @Test func eachItemIsHeldAgainstTypeAndEnum() {
        #expect(
            resolve(.strings(["north", "east", "north"]), plants)
                == .faults([
                    "spec.parameters.plant[1]: \"east\" is not one of north, south, west",
                    "spec.parameters.plant[2]: \"north\" is given twice",
                ]))
        #expect(
            resolve(.array([.string("x"), .array([])]), years)
                == .faults([
                    "spec.parameters.year[0]: \"x\" is not an integer such as 42",
                    "spec.parameters.year[1]: a list is not an integer such as 42",
                ]))
    }

    @Test func thereIsOneAtLeastAndAHundredAtMost() {
        #expect(
            resolve(.array([]), years)
                == .faults(["spec.parameters.year: is an empty list; give at least one value, or leave it out"]))
        let many = (0...100).map { JSONValue.integer($0) }
        #expect(
            resolve(.array(many), years)
                == .faults(["spec.parameters.year: 101 values are given; at most 100 are allowed"]))
        guard case .values = resolve(.array(many.dropLast()), years) else {
            Issue.record("100 are refused")
            return
        }
    }

    @Test func aDefaultIsAListToo() {
        func faults(_ value: JSONValue) -> [String] {
            var parameter = plants
            parameter.default = value
            return PipelineCheck.faults(in: .chain("a").parameters(parameter), at: "spec")
        }
        #expect(faults(.strings(["north", "west"])).isEmpty)
        #expect(
            faults(.strings(["east"])) == [
                "spec.parameters[0].default[0]: \"east\" is not one of north, south, west"
            ])
    }

    @Test func stagesFindAListOfTheirTypes() throws {
        let declared = [plants, years]
        let values = ["plant": #"["south","north"]"#, "year": "[2025,2026]"]
        let run = AcceptedRun(
            name: "p", pipeline: .chain("a").with { $0.parameters = declared }, parameters: values)
        let variables = StageEnvironment.variables(request: .fixture(), run: run, stage: "a", attempt: 1)
        func value(_ name: String) -> String? {
            variables.first { $0["name"]?.string == name }?["value"]?.string
        }
        #expect(value("REPORT_PARAM_PLANT") == #"["south","north"]"#)
        #expect(value("REPORT_PARAMETERS") == #"{"plant":["south","north"],"year":[2025,2026]}"#)
        #expect(run.pipeline.values(ofTexts: values)["plant"] == .strings(["south", "north"]))
        // What somebody else wrote into the status is a text.
        #expect(
            run.pipeline.values(ofTexts: ["plant": "[", "other": "[1]"]) == [
                "plant": .string("["), "other": .string("[1]"),
            ])
    }

    @Test func aSchedulesPlaceholdersStandInListsToo() throws {
        var spec = ReportRequestSpec(pipelineRef: .init(name: "p"))
        spec.parameters = ["month": .array([.string("{month-1}"), .string("{month}"), .integer(1)])]
        let template = try ScheduleTemplate(.init(spec: spec))
        let at = try #require(Timestamp("2026-10-01T06:00:00Z"))
        #expect(
            template.spec(at: at, in: .utc).parameters?["month"]
                == .array([.string("2026-09"), .string("2026-10"), .integer(1)]))
        spec.parameters = ["month": .strings(["{month}", "{week}"])]
        let faults = #expect(throws: ScheduleTemplate.Faults.self) { try ScheduleTemplate(.init(spec: spec)) }
        #expect(faults?.description.hasPrefix("spec.request.spec.parameters.month[1]: ") == true)
    }
}
