import Calendars
import GatewayAPI
import KubernetesModel
import ReportAPI
import ReportPlanning
import Testing

/// What the form shows beside its fields is what the operator would say.
@Suite struct WishTests {
    private let dana = Person(name: "Dana Reyes", email: "dana@example.com")

    private func request(_ members: String) throws -> NewRequestBody {
        try NewRequestBody(Array(#"{"namespace":"finance","pipeline":"trial-balance",\#(members)}"#.utf8))
    }

    private func faults(_ members: String, channels: KnownChannels? = nil) throws -> [FieldError] {
        try request(members).faults(pipeline: try Fixtures.pipeline(), channels: channels, requester: dana)
    }

    @Test func whatIsRightHasNone() throws {
        #expect(try faults(#""parameters":{"period":"2026-09","company":"306766","accounts":[1,"2"]}"#).isEmpty)
    }

    @Test func everyParameterIsToldBesideItsField() throws {
        let found = try faults(
            #""parameters":{"period":"2026-13","company":"1","accounts":[1,"x",1],"surplus":true},"formats":["pdf"]"#)
        #expect(
            found == [
                FieldError(
                    "parameters.period", value: .string("2026-13"),
                    "\"2026-13\" is not a month such as \"2026-10\" (quote it in YAML)"),
                FieldError("parameters.company", value: .string("1"), "\"1\" is not one of 310507, 306766"),
                FieldError(
                    "parameters.accounts[1]", value: .string("x"), "\"x\" is not an integer such as 42"),
                FieldError("parameters.accounts[2]", value: .integer(1), "1 is given twice"),
                FieldError(
                    "parameters.surplus", value: .bool(true),
                    "is unknown; the pipeline takes period, company, accounts, note"),
            ])
    }

    @Test func whatIsMissingIsAskedFor() throws {
        let found = try faults(#""parameters":{}"#)
        #expect(found.map(\.field) == ["parameters.period"])
        #expect(found.first?.message.hasPrefix("is required and must be a month") == true)
    }

    @Test func deliveriesAreHeldAgainstTheirChannels() throws {
        let channels = KnownChannels([try Fixtures.channel()])
        let period = #""parameters":{"period":"2026-09"}"#
        let found = try faults(
            #"\#(period),"deliver":[{"channel":"mail","to":["dana@example.com","eve@other.org"],"subject":"{nope}"},"#
                + #"{"channel":"fax"},{"channel":"mail"}]"#, channels: channels)
        #expect(found.map(\.field) == ["deliver[0].to[1]", "deliver[0].subject", "deliver[1].channel"])
        #expect(found[0].message.contains("is not among the channel's allowedRecipients"))
        #expect(found[2].message == "\"fax\" is not a channel; there are mail")
    }

    @Test func aChannelThatAnotherNamespaceMayUseIsNone() throws {
        let channel = try Fixtures.channel(labels: #"{"team":"plant"}"#)
        let body = #""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail","to":["dana@example.com"]}]"#
        let theirs = KnownChannels([channel], namespaceLabels: ["team": "gl"])
        #expect(
            try faults(body, channels: theirs).map(\.message) == [
                "\"mail\" may not be used by this namespace; there is none"
            ])
        #expect(try faults(body, channels: KnownChannels([channel], namespaceLabels: ["team": "plant"])).isEmpty)
        // Where the labels aren't known, the courier finds out.
        #expect(try faults(body, channels: KnownChannels([channel])).isEmpty)
    }

    @Test func whoHasNoAddressHasToNameSomebody() throws {
        let body = try request(#""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail"}]"#)
        let channels = KnownChannels([try Fixtures.channel()])
        let nobody = body.faults(pipeline: try Fixtures.pipeline(), channels: channels, requester: Person(name: "x"))
        #expect(nobody.map(\.field) == ["deliver[0].to"])
    }

    @Test func aBrokenPipelineIsToldOnce() throws {
        let body = try request(#""parameters":{"a":1}"#)
        let found = body.faults(pipeline: try Fixtures.pipeline(#"{"stages":[]}"#))
        #expect(found.map(\.field) == ["pipeline"])
        #expect(found.first?.message.contains("spec.stages: at least one is required") == true)
    }

    /// The same verdict as the operator's, over many requests.
    @Test(arguments: [
        #""parameters":{"period":"2026-09"}"#, #""parameters":{"period":"2026-13"}"#, #""parameters":{"period":5}"#,
        #""parameters":{"period":"2026-09","company":310507}"#, #""parameters":{"period":"2026-09","x":1}"#,
        #""parameters":{"period":["2026-09"]}"#, #""parameters":{"period":"2026-09","accounts":"5"}"#,
        #""parameters":{"period":"2026-09","accounts":[]}"#, #""formats":["pdf"]"#,
        #""parameters":{"period":"2026-09"},"deliver":[]"#,
        #""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail","to":["dana@example.com"]}]"#,
        #""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail","to":["a@b c"]}]"#,
        #""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail","fileName":"a/b"}]"#,
        #""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail","text":"{unknown}"}]"#,
        #""parameters":{"period":"2026-09"},"deliver":[{"channel":"mail","text":"{period} {{"}]"#,
        #""parameters":{"period":null}"#,
    ])
    func theVerdictIsTheOperators(members: String) throws {
        let pipeline = try Fixtures.pipeline()
        guard let body = try? request(members) else { return }
        let request = ReportRequest(metadata: ObjectMeta(name: "a", namespace: "finance"), spec: body.spec(for: dana))
        let isAccepted =
            switch Acceptance.judge(request, pipeline: pipeline) {
            case .accepted: true
            case .refused, .pipelineMissing: false
            }
        #expect(body.faults(pipeline: pipeline).isEmpty == isAccepted)
    }

    // MARK: Requesters

    @Test func theRequesterIsTheCaller() throws {
        let body = try request(#""parameters":{}"#)
        let caller = try body.wish.requester(caller: dana, mayAskForOthers: false, namespace: "finance")
        #expect(caller == dana)
        #expect(body.spec(for: caller).requester == .init(name: "Dana Reyes", email: "dana@example.com"))
    }

    @Test func somebodyElseOnlyWithTheRightToChoose() throws {
        let body = try request(#""requester":{"name":"Ada","email":"ada@example.com"}"#)
        #expect(
            try body.wish.requester(caller: dana, mayAskForOthers: true, namespace: "finance")
                == Person(name: "Ada", email: "ada@example.com"))
        do throws(Problem) {
            _ = try body.wish.requester(caller: dana, mayAskForOthers: false, namespace: "finance")
            Issue.record("another one was taken")
        } catch {
            #expect(error.status == 403)
            #expect(error.detail?.contains("request-for-others") == true)
        }
        let own = try request(#""requester":{"name":"Dana Reyes","email":"dana@example.com"}"#)
        #expect(try own.wish.requester(caller: dana, mayAskForOthers: false, namespace: "finance") == dana)
    }

    /// As the admission policies compare them.
    @Test func whoOnlyLooksAlikeIsSomebodyElse() throws {
        let body = try request(#""requester":{"name":"\u212Aate"}"#)
        let kate = Person(name: "Kate")
        #expect(body.wish.requester?.name == kate.name)
        #expect(throws: Problem.self) {
            try body.wish.requester(caller: kate, mayAskForOthers: false, namespace: "finance")
        }
    }

    // MARK: Schedules

    private func schedule(_ members: String) throws -> [FieldError] {
        let body = try NewScheduleBody(
            Array(#"{"namespace":"finance","name":"monthly","pipeline":"trial-balance",\#(members)}"#.utf8))
        return body.faults(pipeline: try Fixtures.pipeline(), now: Fixtures.now, zone: Fixtures.zone)
    }

    @Test func placeholdersAreFilledBeforeTheyAreChecked() throws {
        #expect(
            try schedule(#""schedule":"0 6 1 * *","timeZone":"Europe/Berlin","parameters":{"period":"{month-1}"}"#)
                .isEmpty)
        let wrong = try schedule(#""schedule":"0 6 1 * *","parameters":{"period":"{date}"}"#)
        #expect(wrong.map(\.field) == ["parameters.period"])
        #expect(wrong.first?.value == .string("{date}"))
        #expect(
            wrong.first?.message.hasPrefix("at the next time, 2026-11-01T06:00:00Z: \"2026-11-01\" is not a month")
                == true)
    }

    @Test func unknownPlaceholdersAreTold() throws {
        let found = try schedule(#""schedule":"@daily","parameters":{"period":"{week}","accounts":["{day}"]}"#)
        #expect(found.map(\.field) == ["parameters.accounts[0]", "parameters.period"])
        #expect(found[1].message.contains("allowed are {time}, {date}, {workday}, {month} and {year}"))
    }

    @Test func whatAListAllowsMayChangeByThen() throws {
        #expect(try schedule(#""schedule":"@daily","parameters":{"period":"2026-09","company":"{year}"}"#).isEmpty)
        #expect(
            try schedule(#""schedule":"@daily","parameters":{"period":"2026-09","company":"1"}"#).map(\.field) == [
                "parameters.company"
            ])
    }

    @Test(arguments: [
        (#""schedule":"0 6 * *""#, "schedule"), (#""schedule":"0 0 30 2 *""#, "schedule"),
        (#""schedule":"TZ=UTC 0 6 * * *""#, "schedule"), (#""schedule":"@daily","timeZone":"Mars/Base""#, "timeZone"),
    ])
    func whenItIsIsChecked(timing: String, field: String) throws {
        #expect(try schedule(#"\#(timing),"parameters":{"period":"2026-09"}"#).map(\.field) == [field])
    }

    @Test func aReplacementKeepsWhatABodyHasNoMemberFor() throws {
        let earlier = try #require(Fixtures.richSchedule().spec.value)
        let body = try ScheduleReplacementBody(
            Array(#"{"schedule":"@daily","pipeline":"trial-balance","parameters":{"period":"{month}"}}"#.utf8))
        let spec = body.spec(for: dana, replacing: earlier)
        #expect(spec.history == .init(succeeded: 12))
        #expect(spec.request.metadata?.labels == ["team": "gl"])
        #expect(spec.schedule == "@daily")
        #expect(spec.timeZone == nil)
        #expect(spec.request.spec.deliver == nil)
        #expect(body.spec(for: dana, replacing: nil).history == nil)
    }
}
