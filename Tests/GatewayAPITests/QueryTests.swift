import GatewayAPI
import KubernetesModel
import ReportAPI
import Testing

@Suite struct QueryTests {
    private func refusal(_ body: () throws(Problem) -> Void) -> Problem? {
        do throws(Problem) { try body() } catch { return error }
        return nil
    }

    @Test func everyParameterOfTheListIsRead() throws {
        let cursor = TimeCursor(Fixtures.now, id: "u-1")
        let query = try RequestListQuery(
            "namespace=finance&pipeline=tb&phase=Queued&phase=Running&requester=dana%40example.com&mine=true"
                + "&schedule=monthly&live=false&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00+01:00&limit=500"
                + "&cursor=\(cursor.text)")
        #expect(query.namespace == "finance")
        #expect(query.pipeline == "tb")
        #expect(query.phases == [.queued, .running])
        #expect(query.requester == "dana@example.com")
        #expect(query.isMine)
        #expect(query.schedule == "monthly")
        #expect(query.isLive == false)
        #expect(query.from == Timestamp("2026-10-01T00:00:00Z"))
        #expect(query.to == Timestamp("2026-10-31T23:00:00Z"))
        #expect(query.page.limit == 500)
        #expect(query.page.cursor == cursor)
    }

    @Test func withoutAnyTheDefaultsHold() throws {
        let query = try RequestListQuery(nil)
        #expect(query.page.limit == 50)
        #expect(query.page.cursor == nil)
        #expect(!query.isMine)
        #expect(query.isLive == nil)
        #expect(try RequestListQuery("") == query)
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=501", "limit"), ("limit=5x", "limit"), ("limit=+5", "limit"), ("limit=", "limit"),
        ("limit=1&limit=2", "limit"), ("phase=Done", "phase"), ("mine=yes", "mine"), ("from=yesterday", "from"),
        ("namespace=Finance", "namespace"), ("cursor=abc", "cursor"), ("surplus=1", "surplus"), ("=1", ""),
        ("requester=" + String(repeating: "a", count: 321), "requester"), ("q=%", "query"), ("q=%zz", "query"),
        ("q=%ff", "query"), ("live=TRUE", "live"), ("limit=99999999999999999999", "limit"),
    ])
    func whatIsWrongIsNamed(query: String, field: String) throws {
        let problem = try #require(refusal { () throws(Problem) in _ = try RequestListQuery(query) })
        #expect(problem.status == 400)
        #expect(problem.errors.map(\.field) == [field])
    }

    @Test func allFaultsAreToldAtOnceWithWhatIsAllowed() throws {
        let problem = try #require(
            refusal { () throws(Problem) in _ = try RequestListQuery("limit=0&mine=x&a=1&b=2&a=3") })
        #expect(problem.errors.map(\.field) == ["mine", "limit", "a", "b"])
        #expect(problem.errors[1].message == "\"0\" is not a whole number from 1 to 500")
        #expect(
            problem.errors[2].message
                == "is not a parameter of this; allowed are namespace, pipeline, phase, requester, mine, schedule, live, "
                + "from, to, limit, cursor")
    }

    @Test func whatIsRequiredIsAskedFor() throws {
        let problem = try #require(refusal { () throws(Problem) in _ = try SeriesQuery("namespace=finance") })
        #expect(problem.errors.map(\.field) == ["pipeline", "since"])
        #expect(problem.errors.map(\.message) == ["is required", "is required"])
        let wrong = try #require(refusal { () throws(Problem) in _ = try ChannelListQuery("namespace=A") })
        #expect(wrong.errors.count == 1)
    }

    @Test func parametersOfReportsAreTakenByTheirNames() throws {
        let query = try LatestQuery("format=csv&p[period]=2026-09&p%5Bcompany%5D=310507+A", isFile: false)
        #expect(query.format == .csv)
        #expect(query.parameters == ["period": "2026-09", "company": "310507 A"])
        for wrong in [
            "p[a]=1&p[a]=2", "p[]=1", "p=1", "p[a=1", "format=csv&p[a]=\(String(repeating: "x", count: 1001))",
        ] {
            #expect(
                refusal { () throws(Problem) in _ = try LatestQuery(wrong, isFile: false) }?.status == 400, "\(wrong)")
        }
        let many = (0..<21).map { "p[a\($0)]=1" }.joined(separator: "&")
        #expect(refusal { () throws(Problem) in _ = try LatestQuery(many, isFile: false) }?.status == 400)
        // A file's format is in its path.
        #expect(refusal { () throws(Problem) in _ = try LatestQuery("format=csv", isFile: true) }?.status == 400)
    }

    @Test func aQueryIsBounded() {
        let long = "q=" + String(repeating: "a", count: 17_000)
        let many = (0..<101).map { "a\($0)=1" }.joined(separator: "&")
        for query in [long, many] {
            #expect(refusal { () throws(Problem) in _ = try PipelineListQuery(query) }?.status == 400)
        }
    }

    @Test func wordsFindPipelines() throws {
        let pipeline = PipelineSummaryView(try Fixtures.pipeline(), runs: 0)
        #expect(try PipelineListQuery("q=BALANCE+company").matches(pipeline))
        #expect(try PipelineListQuery("q=").matches(pipeline))
        #expect(try !PipelineListQuery("q=balance+plant").matches(pipeline))
    }

    @Test func whatTakesNoneSaysSo() throws {
        let problem = try #require(refusal { () throws(Problem) in _ = try NoQuery("a=1") })
        #expect(problem.errors.first?.message == "is not a parameter of this; this takes none")
        _ = try NoQuery("")
    }

    @Test(arguments: ["a", "a-b.c", "0", String(repeating: "a", count: 253)])
    func namesAreTaken(name: String) throws { #expect(try Names.name(name) == name) }

    @Test(arguments: ["", "A", "a_b", "-a", "a-", "a..b", ".", "a/b", "a\0", "ä", String(repeating: "a", count: 254)])
    func whatIsNoNameNamesNothing(name: String) {
        #expect(refusal { () throws(Problem) in _ = try Names.name(name) } == .notFound)
        #expect(refusal { () throws(Problem) in _ = try Names.format(name) } == .notFound)
    }

    @Test func reportsAndStagesHaveNamesOfTheirOwn() throws {
        #expect(try Names.reportID("3F2a-1_x.9") == "3F2a-1_x.9")
        #expect(try Names.stage("extract-1") == "extract-1")
        #expect(refusal { () throws(Problem) in _ = try Names.stage("a.b") } == .notFound)
        #expect(refusal { () throws(Problem) in _ = try Names.reportID("../x") } == .notFound)
        #expect(try Names.format("xlsx") == .xlsx)
        #expect(try Names.idempotencyKey(nil) == nil)
        #expect(refusal { () throws(Problem) in _ = try Names.idempotencyKey("a b") }?.status == 400)
        #expect(refusal { () throws(Problem) in _ = try Names.idempotencyKey("") }?.status == 400)
    }
}
