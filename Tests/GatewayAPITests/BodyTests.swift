import FoundationEssentials
import GatewayAPI
import JSONReading
import KubernetesModel
import ReportAPI
import Testing

@Suite struct BodyTests {
    private func refusal(_ json: String) -> Problem? {
        do throws(Problem) { _ = try NewRequestBody(Array(json.utf8)) } catch { return error }
        return nil
    }

    @Test(arguments: [
        "", " ", "{", "nul", #"{"a":1,}"#, "[]", "5", #"{"a":NaN}"#, "{} x", "\u{FEFF}{}", "{\"a\":\"\u{1}\"}",
        #"{"parameters":{"a":\#(String(repeating: "[", count: 40))\#(String(repeating: "]", count: 40))}}"#,
        #"{"ä":1}"#,
    ])
    func whatIsNoJSONObjectIsNotUnderstood(json: String) throws {
        let problem = try #require(refusal(json))
        #expect(problem.status == 400)
        #expect(problem.detail?.isEmpty == false)
    }

    @Test func invalidUTF8IsNotUnderstood() {
        do throws(Problem) {
            _ = try NewRequestBody(Array(#"{"name":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
            Issue.record("it was taken")
        } catch { #expect(error.status == 400) }
    }

    @Test func whatIsTooLongIsRefusedUnread() throws {
        let problem = try #require(refusal(#"{"name":"\#(String(repeating: "a", count: 300_000))"}"#))
        #expect(problem.status == 413)
    }

    @Test func allFaultsAreToldAtOnceWithTheirPlaces() throws {
        let problem = try #require(
            refusal(
                #"""
                {"pipeline":"Not A Name","formats":["pdf","doc","pdf"],"priority":10.5,"surplus":1,"priority":3,
                 "deliver":[{"channel":"mail","to":["a@b.c","nobody"],"when":"Never","extra":{}},5,{"to":[]}],
                 "requester":{"name":"","phone":"1"},"parameters":{"a":1,"a":2},"ttlSecondsAfterFinished":true}
                """#))
        #expect(problem.status == 422)
        #expect(
            problem.errors.map(\.field) == [
                "priority", "namespace", "pipeline", "parameters.a", "formats[1]", "formats[2]", "deliver[0].to[1]",
                "deliver[0].when", "deliver[0].extra", "deliver[1]", "deliver[2].channel", "ttlSecondsAfterFinished",
                "requester.name", "requester.phone", "surplus",
            ])
        let messages = Dictionary(problem.errors.map { ($0.field, $0.message) }) { first, _ in first }
        #expect(messages["priority"] == "is given twice; give it once")
        #expect(messages["namespace"] == "is required")
        #expect(messages["formats[1]"] == "\"doc\" is not one of pdf, xlsx, csv, html, json")
        #expect(messages["deliver[1]"] == "5 is not an object")
        #expect(messages["requester.phone"] == "is unknown; allowed are name, email")
        #expect(messages["ttlSecondsAfterFinished"] == "true is not a whole number from 0 to 2147483647")
    }

    @Test func manyFaultsAreBounded() throws {
        let many = (0..<5000).map { "\"m\($0)\":1" }.joined(separator: ",")
        let problem = try #require(refusal("{\(many)}"))
        #expect(problem.errors.count == 100)
        #expect(problem.jsonBytes.count < 100_000)
    }

    @Test func wholeNumbersMayHaveAPoint() throws {
        let body = try NewRequestBody(
            Array(#"{"namespace":"a","pipeline":"b","priority":10.0,"ttlSecondsAfterFinished":1e2}"#.utf8))
        #expect(body.wish.priority == 10)
        #expect(body.wish.ttlSecondsAfterFinished == 100)
    }

    @Test func aRequestBecomesAManifest() throws {
        let body = try NewRequestBody(
            Array(
                #"""
                {"namespace":"finance","name":"tb-1","pipeline":"trial-balance",
                 "parameters":{"period":"2026-09","rate":0.10000000000000000000001,"list":[1,"2"]},"formats":["pdf"],
                 "deliver":[{"channel":"mail","to":["a@example.com"],"when":"Always"}],"priority":5,
                 "ttlSecondsAfterFinished":60}
                """#.utf8))
        let manifest = try Manifests.request(
            name: "tb-1", labels: [IdempotentName.bodyLabel: "x"],
            spec: body.spec(for: Person(name: "Dana", email: "dana@example.com")))
        #expect(
            String(decoding: manifest.jsonText, as: UTF8.self)
                == #"{"apiVersion":"reports.ers.dev/v1","kind":"ReportRequest","metadata":{"labels":"#
                + #"{"reports.ers.dev/body-fingerprint":"x"},"name":"tb-1"},"spec":{"deliver":[{"channel":"mail","#
                + #""to":["a@example.com"],"when":"Always"}],"output":{"formats":["pdf"]},"#
                + #""parameters":{"list":[1,"2"],"period":"2026-09","rate":0.10000000000000000000001},"#
                + #""pipelineRef":{"name":"trial-balance"},"priority":5,"requester":{"email":"dana@example.com","#
                + #""name":"Dana"},"ttlSecondsAfterFinished":60}}"#)
        let read = try JSONReader().decode(ReportRequest.self, from: manifest.jsonText)
        #expect(read.spec.value == body.spec(for: Person(name: "Dana", email: "dana@example.com")))
    }

    @Test func aScheduleBecomesAManifest() throws {
        let body = try NewScheduleBody(
            Array(
                #"""
                {"namespace":"finance","name":"monthly","schedule":"0 6 1 * *","timeZone":"Europe/Berlin",
                 "pipeline":"tb","parameters":{"period":"{month-1}"},"suspend":true,"startingDeadlineSeconds":60,
                 "concurrencyPolicy":"Allow"}
                """#.utf8))
        let spec = body.spec(for: Person(name: "Dana"))
        let manifest = try Manifests.schedule(name: "monthly", resourceVersion: "5", spec: spec)
        #expect(manifest["metadata"] == .object(["name": .string("monthly"), "resourceVersion": .string("5")]))
        #expect(try JSONReader().decode(ReportSchedule.self, from: manifest.jsonText).spec.value == spec)
        #expect(manifest["spec"]?["request"]?["spec"]?["parameters"]?["period"] == .string("{month-1}"))
    }

    @Test func aDeliveryStaysOutOfBackups() throws {
        let spec = ReportDeliverySpec(reportID: "u-1", entry: DeliverSpec(channel: "mail", to: ["a@example.com"]))
        let manifest = try Manifests.delivery(name: "d-1", request: "tb-1", spec: spec)
        #expect(manifest["metadata"]?["labels"]?["velero.io/exclude-from-backup"] == .string("true"))
        #expect(manifest["metadata"]?["labels"]?["reports.ers.dev/request"] == .string("tb-1"))
        #expect(try JSONReader().decode(ReportDelivery.self, from: manifest.jsonText).spec.value == spec)
    }

    @Test func copiesAreForEveryoneOrNobody() throws {
        func fault(_ json: String) throws -> FieldError? { try NewDeliveryBody(Array(json.utf8)).fault }
        let all = (0..<200).map { "\"p\($0)@example.com\"" }.joined(separator: ",")
        #expect(try fault(#"{"report":"u-1","to":[\#(all)],"cc":[]}"#) == nil)
        let many = try fault(#"{"report":"u-1","to":[\#(all)],"cc":["ada@example.com"]}"#)
        #expect(many?.field == "cc" && many?.message.contains("201 addresses") == true)
        #expect(try fault(#"{"report":"u-1","cc":["ada@example.com"]}"#) == nil)
        let missing = try fault(#"{"report":"u-1","cc":["ada@example.com"],"onlyMissing":true}"#)
        #expect(missing?.field == "cc" && missing?.message.contains("onlyMissing") == true)
    }

    @Test func patchesSayOnlyWhatChanges() throws {
        func patch(_ json: String) throws -> JSONValue { try RequestPatchBody(Array(json.utf8)).mergePatch }
        #expect(try patch(#"{"priority":3}"#) == .reading(#"{"spec":{"priority":3}}"#))
        #expect(
            try patch(#"{"ttlSecondsAfterFinished":null}"#) == .reading(#"{"spec":{"ttlSecondsAfterFinished":null}}"#))
        #expect(
            try patch(#"{"priority":0,"ttlSecondsAfterFinished":60}"#)
                == .reading(#"{"spec":{"priority":0,"ttlSecondsAfterFinished":60}}"#))
        #expect(throws: Problem.self) { try patch("{}") }
        #expect(
            try SchedulePatchBody(Array(#"{"suspend":false}"#.utf8)).mergePatch
                == .reading(#"{"spec":{"suspend":false}}"#))
    }
}
