import FoundationEssentials
import KubernetesModel
import MongoClient
import ReportAPI
import TestSupport
import Testing

@testable import ReportRecords
@testable import ReportStores

@Suite struct ReportRecordTests {
    @Test func itHoldsWhoAskedForWhatAndWhatBecameOfIt() throws {
        let request = try #require(RequestLife.states().last).spec {
            $0.requester = .init(name: "Dana Reyes", email: "dana@example.com")
            $0.output = .init(formats: ["pdf"])
            $0.priority = 5
        }
        let record = ReportRecord(request)
        #expect(record.uid == request.metadata.uid && record.namespace == "finance" && record.name == "tb-2026-10")
        #expect(record.requester?.email == "dana@example.com" && record.formats == ["pdf"] && record.priority == 5)
        #expect(record.parameters == ["period": "2026-10"] && record.phase == .succeeded && record.attempt == 2)
        #expect(record.stages?.map(\.phase) == [.succeeded, .succeeded])
        #expect(record.previousAttempts?.first?.stages?.map(\.exitCode) == [3])
        #expect(record.createdAt == Timestamp.start.date && record.completedAt == Timestamp.start.after(70).date)
        #expect(record.pinned == .spec(.chain("extract", "load")))
        let document = try BSONEncoder().encode(record)
        #expect(document["createdAt"] == .date(milliseconds: 1_800_000_000_000))
        #expect(try BSONDecoder().decode(ReportRecord.self, from: document) == record)
    }

    @Test func itHoldsWhichScheduleAskedForIt() throws {
        let states = RequestLife.states().map { state in
            state.made(forSchedule: "s-1", named: "monthly")
        }
        let record = ReportRecord(try #require(states.last))
        #expect(record.schedule == "monthly")
        let told = ReportRecord(events: states.flatMap { ReportEvent.kept(of: $0) })
        #expect(told?.schedule == "monthly")
        let document = try BSONEncoder().encode(record)
        #expect(document["schedule"]?.string == "monthly")
        #expect(try BSONDecoder().decode(ReportRecord.self, from: document) == record)
        let own = ReportRecord(try #require(RequestLife.states().last))
        #expect(own.schedule == nil)
    }

    /// Anybody who may make requests may put the labels on, and a copy brings them along.
    @Test func aCopyOfASchedulesRequestIsRecordedAsNobodys() {
        let made = ReportRequest.fixture().made(forSchedule: "s-1", named: "monthly")
        #expect(ReportRecord(made).schedule == "monthly")
        #expect(ReportRecord(made.with { $0.metadata.name = "copy" }).schedule == nil)
        let labelled = ReportRequest.fixture().with { $0.metadata.labels[ReportsAPI.Label.schedule] = "monthly" }
        #expect(ReportRecord(labelled).schedule == nil)
    }

    @Test func parametersOfARequestThatIsNotAcceptedAreText() {
        let record = ReportRecord(.fixture().parameters(["n": 5, "list": ["a"], "text": "x"]))
        #expect(record.parameters == ["n": "5", "list": #"["a"]"#, "text": "x"])
        #expect(record.phase == .queued && record.progress == 0)
    }

    @Test(arguments: [false, true]) func progressNeverFalls(cancelled: Bool) {
        let numbers = RequestLife.states(cancelled: cancelled).map { ReportRecord($0).progress }
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func versionsSortAsTheyAreOrdered() {
        let versions = ["", "x", "9", "10", "99", "100", "18446744073709551615", "184467440737095516150"]
        let keys = versions.map(ReportRecord.order)
        #expect(keys == keys.sorted())
        #expect(keys[0] == "" && keys[1] == "" && Set(keys.dropFirst()).count == 7)
    }

    /// Keys that older servers, or BSON itself, refuse, and values that must stay what they are.
    @Test(
        arguments: [
            ["metadata": ["labels": ["app.kubernetes.io/name": "x", "a.b": "$c"]]],
            ["$set": ["x": 1]], ["deep": ["$ref": "x"]], ["": 1], ["a\0b": 1], ["n": 5.5], ["n": .null],
            ["n": .integer(.max)], ["list": [1, "2", [true, .null]]], nested(80),
        ] as [JSONValue])
    func thePinnedPipelineComesBackExactly(template: JSONValue) throws {
        let pipeline = PipelineSpec.chain("a").stage("a") { stage in
            stage.podTemplate = template
            stage.env = [["name": "PLEX", "valueFrom": ["secretKeyRef": ["name": "plex", "key": "dsn"]]]]
            stage.timeout = ReportDuration("1h30m")
        }
        let document = try BSONEncoder().encode(["pinned": PinnedPipeline.spec(pipeline)])
        let back = try BSONDecoder().decode([String: PinnedPipeline].self, from: document)
        #expect(back == ["pinned": .spec(pipeline)])
    }

    @Test func aUsualPipelineCanBeAskedForItsImages() throws {
        let document = try BSONEncoder().encode(["pinned": PinnedPipeline.spec(.chain("a"))])
        let stages = document["pinned"]?.document?["stages"]?.array
        #expect(stages?.first?.document?["image"]?.string == "registry.example/etl/a:1.0")
    }

    @Test func aRequestWithManyStagesAndLongMessagesFitsWhole() throws {
        let request = ReportRequest.fixture(.chain((0..<64).map { "stage-\($0)" })).status { status in
            status.phase = .failed
            status.stages = (0..<64).map { index in
                var stage = StageStatus(name: "stage-\(index)", phase: .failed, attempt: 1)
                stage.message = String(repeating: "ü", count: 16 << 10)
                return stage
            }
        }
        let record = ReportRecord(request)
        #expect(try BSONDecoder().decode(ReportRecord.self, from: record.fittedDocument()) == record)
    }

    @Test func whatIsTooLargeIsCutWithANote() throws {
        var record = ReportRecord(try #require(RequestLife.states().last))
        record.parameters = ["period": String(repeating: "x", count: 9000)]
        record.message = String(repeating: "\u{1F4C8}", count: 3000)
        let whole = try record.fittedDocument()
        #expect(try BSONDecoder().decode(ReportRecord.self, from: whole) == record)

        func cut(to limit: Int) throws -> ReportRecord {
            let document = try record.fittedDocument(limit: limit)
            #expect(document.bytes.count <= limit)
            return try BSONDecoder().decode(ReportRecord.self, from: document)
        }
        let first = try cut(to: whole.bytes.count - 1)
        #expect(first.pinned == .omitted && first.parameters == record.parameters && first.notes?.count == 1)
        let all = try cut(to: 8000)
        #expect(all.parameters?["period"]?.contains("(cut: it had 9000 bytes)") == true)
        #expect(all.message?.hasPrefix("\u{1F4C8}\u{1F4C8}") == true && all.message?.contains("\u{FFFD}") == false)
        #expect(all.phase == .succeeded && all.notes?.count == 3)
    }

    private static func nested(_ depth: Int) -> JSONValue {
        (0..<depth).reduce(JSONValue.integer(1)) { value, _ in ["a": value] }
    }
}
