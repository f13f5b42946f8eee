import Calendars
import FoundationEssentials
import GatewayAPI
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportPlanning
import ReportRecords
import Testing

/// Everything that is answered is what the contract says, and all that the contract says can be answered.
@Suite struct ViewContractTests {
    private struct Answer {
        let schema: String
        let view: any JSONWritable

        init(_ schema: String, _ view: any JSONWritable) {
            self.schema = schema
            self.view = view
        }
    }

    private static let rights = RightsView(ask: true, readLogs: true)

    private func answers() throws -> [Answer] {
        try problems() + people() + pipelines() + requests() + reports() + schedules() + deliveries()
    }

    private func problems() -> [Answer] {
        let fields = [FieldError("period", value: .string("x"), "is wrong"), FieldError("a", value: .null, "b")]
        let all: [Problem] = [
            .notFound, .unauthorized("who?"), .forbidden("no"), .invalid(fields), .badRequest(fields),
            .badRequest("no"),
            .conflict("over"), .offloaded(OffloadView(Fixtures.offload, of: "r-1")),
            .unavailable("away", retryAfter: 5), .unavailable("away"),
            .tooManyRequests(retryAfter: 3), .payloadTooLarge(limit: 5), .unsupportedMediaType(nil),
            .unsupportedMediaType("text/xml"), .methodNotAllowed(["GET"]), .notAcceptable(["text/csv"]),
            .rangeNotSatisfiable(size: 5), .requestTimeout, .internalFault(id: "x"), .keyUsedTwice,
            .upstream(status: 500, message: "x"), .upstream(status: nil, message: "x"),
            .forbidden(verb: "create", resource: "reportrequests", namespace: "finance", user: "oidc:dana"),
        ]
        return all.map { Answer("Problem", $0) }
    }

    private func people() -> [Answer] {
        [
            Answer("Person", Person(name: "Dana", email: "dana@example.com")), Answer("Person", Person()),
            Answer("Me", MeView(user: "oidc:dana", via: .token, namespaces: [])),
            Answer(
                "Me",
                MeView(
                    user: "oidc:dana", name: "Dana", email: "d@example.com", groups: ["a"], via: .session,
                    sessionEnds: Fixtures.now.date, csrfToken: "t",
                    namespaces: [NamespaceRights(name: "finance", may: Self.rights)])),
        ]
    }

    private func pipelines() throws -> [Answer] {
        let rich = try Fixtures.pipeline()
        let poor = try Fixtures.pipeline(#"{"stages":[{"name":"a","image":"x:1"}]}"#)
        let broken = try Fixtures.pipeline(#"{"stages":5}"#)
        let wrong = try Fixtures.pipeline(#"{"stages":[]}"#)
        #expect(PipelineSummaryView(broken, runs: 0).fault?.contains("stages") == true)
        #expect(PipelineSummaryView(wrong, runs: 0).fault == "spec.stages: at least one is required")
        return [rich, poor, broken, wrong].flatMap { pipeline in
            [
                Answer("PipelineSummary", PipelineSummaryView(pipeline, runs: 3)),
                Answer("PipelineList", ListPage(items: [PipelineSummaryView(pipeline, runs: 0)], next: "x")),
                Answer("Pipeline", PipelineView(pipeline, runs: 1, expectedSeconds: 60, may: Self.rights)),
                Answer("Pipeline", PipelineView(pipeline, runs: 1)),
            ]
        }
    }

    private func requests() throws -> [Answer] {
        let rich = try Fixtures.richRequest()
        let bare = try Fixtures.decode(
            ReportRequest.self, #"{"metadata":{"name":"a","namespace":"b","uid":"c"},"spec":{}}"#)
        let faulty = try Fixtures.decode(
            ReportRequest.self, #"{"metadata":{"name":"a","namespace":"b","uid":"c"},"spec":{"priority":"x"}}"#)
        let place = Place(
            position: 1, expected: .init(startsAt: Fixtures.now, endsAt: Fixtures.now, runs: 4, isOverdue: true))
        let views = [
            RequestView(rich, title: "Trial balance", place: place, expectedEnd: Fixtures.now.date), RequestView(bare),
            RequestView(faulty), RequestView(ReportRecord(rich, origin: .init(cluster: "c", clusterName: "plant-2"))),
            RequestView(ReportRecord(bare)),
        ]
        return views.map { Answer("Request", $0) } + [
            Answer("RequestList", RequestPage(items: views, next: "x", notice: "the record is away")),
            Answer("RequestList", RequestPage(items: [], isRecordAvailable: false)),
            Answer("Place", Place(position: 3)),
            Answer("Queue", QueueView(queue(), isVisible: { _ in true })),
            Answer("Queue", QueueView(Expectations([], history: RunHistory(), now: Fixtures.now))),
        ]
    }

    private func queue() -> Expectations {
        var running = Fixtures.request("a", phase: .running, startedAt: Fixtures.now.adding(-50))
        running.status?.stage = "1/1 extract"
        running.status?.message = "extract is running"
        running.spec = .value(
            ReportRequestSpec(pipelineRef: .init(name: "trial-balance"), requester: .init(name: "Dana")))
        return Expectations(
            [running, Fixtures.request("b", phase: .queued)],
            history: RunHistory([ObjectKey(namespace: "finance", name: "trial-balance"): [100]]), now: Fixtures.now)
    }

    /// The status has them in the stage's entry alone.
    @Test func theMessageOfAFailureHasTheEndOfItsProgramsLastWords() throws {
        var request = try Fixtures.richRequest()
        var stage = StageStatus(name: "load", phase: .failed, attempt: 1)
        (stage.exitCode, stage.message) = (3, "exit code 3: no such period")
        request.status?.stages = [stage]
        request.status?.message = "load failed: exit code 3"
        request.status?.ignoredChange = nil
        for view in [RequestView(request), RequestView(ReportRecord(request))] {
            #expect(view.message == "load failed: exit code 3: no such period")
        }
    }

    private func reports() throws -> [Answer] {
        let request = RequestView(try Fixtures.richRequest())
        let delivery = DeliveryView(try Fixtures.richDelivery())
        var rows = RowsWriter(.json, columns: ColumnView.columns(of: Fixtures.result))
        rows.begin(reportID: "u-1", asOf: Fixtures.now)
        rows.append([.string("1000"), .decimal(ExactDecimal(5))])
        // One that doesn't fit its column.
        rows.append([.integer(1000), .double(5)])
        rows.end(next: "x", total: 1)
        var offloaded = Fixtures.result
        offloaded.offloaded = Fixtures.offload
        return [
            Answer(
                "Report",
                ReportView(
                    request: request, pipeline: nil, result: offloaded, asOf: nil, formats: [], logs: nil,
                    deliveries: [], may: .none)),
            Answer(
                "Report",
                ReportView(
                    request: request, pipeline: try Fixtures.pipeline().spec.value, result: Fixtures.result,
                    asOf: Fixtures.now, formats: [.pdf, .csv], logs: [.init(stage: "extract", attempt: 1)],
                    deliveries: [delivery], may: Self.rights)),
            Answer(
                "Report",
                ReportView(
                    request: request, pipeline: nil, result: nil, asOf: nil, formats: [], logs: nil, deliveries: [],
                    deliveryNotice: "n", may: .none)),
            Answer("Rows", Raw(bytes: rows.takeBytes())),
            Answer("ReportEventList", ListPage(items: try events().map(ReportEventView.init))),
        ]
    }

    /// What the layout shows, sums up and groups by; not what it names and wasn't published.
    @Test func aResultSaysHowTheLayoutShowsIt() throws {
        let request = RequestView(try Fixtures.richRequest())
        func view(_ pipeline: PipelineSpec?) -> ReportView {
            ReportView(
                request: request, pipeline: pipeline, result: Fixtures.result, asOf: nil, formats: [], logs: nil,
                deliveries: [], may: .none)
        }
        let result = try #require(view(try Fixtures.pipeline().spec.value).result)
        #expect(result.shown == ["account", "closing"])
        #expect(result.groupBy == ["account"] && !result.grandTotal)
        #expect(result.columns.filter(\.isSummed).map(\.name) == ["closing"])
        let plain = try #require(view(nil).result)
        #expect(
            plain.shown == nil && plain.groupBy.isEmpty && plain.grandTotal
                && !plain.columns.contains(where: \.isSummed))
    }

    @Test func whoAsksForWhatIsOffloadedIsToldWhereItIsAndWhatBringsItBack() {
        let problem = Problem.offloaded(OffloadView(Fixtures.offload, of: "r-1"))
        #expect(problem.status == 409 && problem.type.hasSuffix(":offloaded"))
        #expect(
            problem.detail == """
                its rows and files are offloaded: since 2026-10-31 they are in the archive /archive; bring them back with: \
                reportctl archive restore r-1
                """)
    }

    private func events() throws -> [ReportEvent] {
        let begin = #""_id":"u/1/Running","requestUID":"u","namespace":"n","name":"tb","attempt":1,"phase":"Running""#
        let rich = #""stage":"extract","reason":"StageFailed","exitCode":3,"message":"it failed","asOf":815000000"#
        return [
            try Fixtures.decode(ReportEvent.self, "{\(begin),\"at\":815000000,\"sequence\":1}"),
            try Fixtures.decode(ReportEvent.self, "{\(begin),\(rich),\"at\":815000000,\"sequence\":1}"),
        ]
    }

    private func schedules() throws -> [Answer] {
        let rich = try Fixtures.richSchedule()
        let faulty = try Fixtures.decode(
            ReportSchedule.self, #"{"metadata":{"name":"a","namespace":"b"},"spec":{"schedule":5}}"#)
        let views = [rich, faulty].map { ScheduleView($0, now: Fixtures.now, zone: Fixtures.zone) }
        #expect(views[0].next.count == 5)
        #expect(views[0].sentence == "on the 1st of each month at 06:00, Europe/Berlin")
        let never = try SchedulePreviewQuery("schedule=0+0+30+2+*")
        let daily = try SchedulePreviewQuery("schedule=@daily&timeZone=Europe/Berlin")
        return views.map { Answer("Schedule", $0) } + [
            Answer("ScheduleList", ListPage(items: views, next: "x")),
            Answer("SchedulePreview", try SchedulePreviewView(never, now: Fixtures.now, zone: Fixtures.zone)),
            Answer("SchedulePreview", try SchedulePreviewView(daily, now: Fixtures.now, zone: Fixtures.zone)),
        ]
    }

    private func deliveries() throws -> [Answer] {
        let bare = try Fixtures.decode(
            ReportDelivery.self,
            #"{"metadata":{"name":"d","namespace":"n"},"spec":{"reportID":"u","channel":"mail","to":["a@example.com"]}}"#
        )
        var copy = DeliveryCopy(
            delivery: "d", namespace: "finance", name: "d-1", reportID: "u-1", channel: "mail", type: "Mail",
            recipient: "dana@example.com", phase: .sent, at: Fixtures.now.date)
        copy.formats = ["pdf"]
        let views = [DeliveryView(try Fixtures.richDelivery()), DeliveryView(bare)]
        let gone = try #require(DeliveryView(gone: [copy]))
        #expect(gone.phase == .delivered)
        #expect(views[1].recipients.map(\.to) == ["a@example.com"])
        let channel = try #require(ChannelView(try Fixtures.channel(), courierNamespace: "reports"))
        let elsewhere = try #require(ChannelView(try Fixtures.channel(), courierNamespace: "other"))
        return (views + [gone]).map { Answer("Delivery", $0) } + [
            Answer("DeliveryList", ListPage(items: views, next: "x", notice: "n")), Answer("Channel", channel),
            Answer("ChannelList", ListPage(items: [channel, elsewhere])),
        ]
    }

    private struct Raw: JSONWritable {
        let bytes: [UInt8]
        func write(to writer: inout JSONWriter) { writer.raw(bytes) }
    }

    private static let answered = [
        "Problem", "FieldError", "Person", "Me", "NamespaceRights", "Rights", "ParameterSpec", "PipelineSummary",
        "PipelineList", "Pipeline", "Deliver", "Stage", "Attempt", "Place", "Expectation", "Request", "RequestList",
        "Column", "Rows", "Report", "Chart", "ReportEventList", "ReportEvent", "Channel", "ChannelList", "Recipient",
        "Delivery", "DeliveryList", "NextTime", "SchedulePreview", "Schedule", "ScheduleList", "Queue", "QueueGroup",
        "QueueRun", "Offload",
    ]

    @Test func everyAnswerIsWhatTheContractSays() throws {
        for answer in try answers() {
            var checker = try SchemaChecker.contract(isClosed: true)
            try checker.check(try answer.view.json, named: answer.schema)
            #expect(checker.faults.isEmpty, "\(answer.schema): \(checker.faults)")
        }
    }

    @Test func everyPropertyOfTheContractIsAnsweredBySome() throws {
        var checker = try SchemaChecker.contract()
        for answer in try answers() { try checker.check(try answer.view.json, named: answer.schema) }
        for name in Self.answered {
            let missing = try checker.properties(of: name).subtracting(checker.seen)
            #expect(missing.isEmpty, "\(missing.sorted())")
        }
    }

    @Test func whatIsOnRecordIsShownAsItWas() throws {
        let rich = try Fixtures.richRequest()
        var live = RequestView(rich)
        let past = RequestView(ReportRecord(rich))
        #expect(past.stage == "2/2 publish")
        #expect(past.schedule != nil)
        live.isLive = false
        (live.ttlSecondsAfterFinished, live.delivered, live.resourceVersion, live.asOf) = (nil, nil, nil, nil)
        #expect(past == live)
    }

    @Test func theClusterIsNamedWhereItHasAName() throws {
        let rich = try Fixtures.richRequest()
        #expect(try RequestView(rich, clusterName: "plant-1").json["clusterName"] == .string("plant-1"))
        #expect(try RequestView(rich).json["clusterName"] == nil)
        let past = ReportRecord(rich, origin: .init(cluster: "c", clusterName: "plant-2"))
        #expect(try RequestView(past).json["clusterName"] == .string("plant-2"))
        #expect(try RequestView(ReportRecord(rich)).json["clusterName"] == nil)
    }

    @Test func everySchemaIsOneOfTheseOrOfABody() throws {
        let document = try SchemaChecker.contract().document
        let names = Set(try #require(document["components"]?["schemas"]?.object).keys)
        let scalars: Set = ["Name", "ReportID", "Format", "Phase", "Time"]
        #expect(names.subtracting(Self.answered).subtracting(scalars) == Set(BodyContractTests.bodies))
    }
}
