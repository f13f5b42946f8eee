import FoundationEssentials
import KubernetesModel
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

@Suite(.services(.mongodb)) struct MongoQueryTests {
    let bench: MongoBench

    init() throws { bench = try MongoBench(try .current) }

    @Test func recordsAreFoundByWhatPeopleAskAndInPages() async throws {
        try await bench.store.prepare()
        let phases: [ReportRequestStatus.Phase] = [.succeeded, .failed, .running]
        let requests: [ReportRequest] = (0..<90).map { (number: Int) -> ReportRequest in
            let request = ReportRequest.fixture(name: "r\(number)", uid: "uid-\(number)")
                .referring(to: number % 2 == 0 ? "trial-balance" : "mttr")
                .spec { $0.requester = .init(name: "P\(number % 3)", email: "p\(number % 3)@example.com") }
            // Three of each second: the order among them is that of their ids.
            let dated = request.created(at: .start.after(Int64(number / 3)))
            return dated.status { $0.phase = phases[number % 3] }
        }
        #expect(try await bench.store.save(requests).isEmpty)

        var query = ReportQuery()
        query.pipeline = "trial-balance"
        var mark: ReportPage.Mark?
        var pages: [[ReportRecord]] = []
        repeat {
            let page = try await bench.store.find(query, limit: 10, after: mark)
            pages.append(page.records)
            mark = page.next
        } while mark != nil
        #expect(pages.map(\.count) == [10, 10, 10, 10, 5])
        let found = pages.flatMap(\.self)
        #expect(Set(found.map(\.uid)).count == 45)
        #expect(found.map(\.createdAt) == found.map(\.createdAt).sorted(by: >))

        func count(_ edit: (inout ReportQuery) -> Void) async throws -> Int {
            var query = ReportQuery()
            edit(&query)
            return try await bench.store.find(query, limit: 1000).records.count
        }
        #expect(try await count { $0.requesterEmail = "p1@example.com" } == 30)
        #expect(try await count { $0.requesterName = "P2" } == 30)
        #expect(try await count { $0.phase = .failed } == 30)
        #expect(try await count { ($0.namespace, $0.name) = ("finance", "r7") } == 1)
        #expect(try await count { ($0.phase, $0.pipeline) = (.failed, "mttr") } == 15)
        #expect(try await count { $0.createdFrom = Timestamp.start.after(10).date } == 60)
        #expect(try await count { $0.createdBefore = Timestamp.start.after(10).date } == 30)
    }

    /// MongoDB finds what the rule says, whatever there is on record.
    @Test func recordsOfTheNamespacesThatThereAreAreFoundAndNoOthers() async throws {
        try await bench.store.prepare()
        var random = SeededGenerator(seed: 21)
        let names = ["finance", "sales", "plant"]
        let uids = [nil, "finance-1", "finance-2", "sales-1", "plant-1"]
        var requests: [ReportRequest] = []
        var origins: [String: RecordOrigin] = [:]
        for number in 0..<300 {
            let namespace = names.randomElement(using: &random) ?? "finance"
            // A uid is one namespace's.
            let own = uids.filter { $0?.hasPrefix(namespace) ?? true }
            let origin = RecordOrigin(
                cluster: [nil, "here", "there"].randomElement(using: &random) ?? nil,
                clusterName: number % 3 == 0 ? "plant-2" : nil,
                namespaceUID: own.randomElement(using: &random) ?? nil)
            let request = ReportRequest.fixture(name: "r", uid: "uid-\(number)")
                .created(at: .start.after(Int64.random(in: -5...5, using: &random)))
                .with { $0.metadata.namespace = namespace }
                .status { $0.phase = .succeeded }
            requests.append(request)
            origins[request.metadata.uid] = origin
        }
        #expect(try await bench.store.save(requests, origins: origins).isEmpty)
        let all = try await bench.store.find(ReportQuery(), limit: 1000).records
        #expect(all.count == 300 && Set(all.map(\.origin)).count > 20)
        for cluster in [nil, "here"] {
            let homes = [("finance", "finance-2"), ("sales", "sales-1")].map { name, uid in
                LiveNamespace(name: name, uid: uid, createdAt: Timestamp.start.date, cluster: cluster)
            }
            for some in [homes, [homes[0]], []] {
                var query = ReportQuery()
                query.homes = some
                let found = try await bench.store.find(query, limit: 1000).records
                #expect(found == all.filter { record in some.contains { $0.isOrigin(of: record) } })
                #expect(!found.isEmpty || some.isEmpty)
                // With what else is asked, and page after page.
                query.namespace = "finance"
                query.requester = nil
                query.phases = [.succeeded]
                let first = try await bench.store.find(query, limit: 5)
                let rest = try await bench.store.find(query, limit: 1000, after: first.next)
                let pages = first.records + (first.next == nil ? [] : rest.records)
                #expect(pages == found.filter { $0.namespace == "finance" })
            }
        }
        var query = ReportQuery()
        query.cluster = "plant-2"
        #expect(try await bench.store.find(query, limit: 1000).records.count == 100)
        query.cluster = "there"
        let there = try await bench.store.find(query, limit: 1000).records
        #expect(there == all.filter { $0.cluster == "there" } && !there.isEmpty)
    }

    /// The newest of one namespace's are read from an index, with no sort, however many others there are.
    @Test func whatANamespaceHoldsIsReadInOrderFromAnIndex() async throws {
        try await bench.store.prepare()
        for name in [["finance"], ["finance", "sales"]] {
            let homes = name.map { name -> BSONValue in
                ["namespace": .string(name), "createdAt": ["$gte": .date(milliseconds: 0)]]
            }
            let own: BSONDocument = [
                "namespace": ["$in": .array(name.map(BSONValue.string))], "cluster": ["$in": [.null, "c"]],
                "$or": [["namespaceUID": ["$in": ["n"]]], ["namespaceUID": .null, "$or": .array(homes)]],
            ]
            let plan = try await explain("reports", ["$and": [.document(own)]], sort: ["createdAt": -1, "_id": -1])
            #expect(!plan.contains("\"SORT\"") && !plan.contains("COLLSCAN"), "\(plan)")
        }
    }

    @Test func rowsAreCountedOfThoseThatPublishedAndNoOthers() async throws {
        try await bench.store.prepare()
        let columns = [ReportResult.Column(name: "account", type: "string")]
        for (uid, rows) in [("some", 7), ("none", 0), ("other", 1)] {
            let result = ReportResult(
                uid: uid, attempt: 1, publication: "p", buckets: rows == 0 ? 0 : 1, rows: rows, columns: columns,
                publishedAt: Timestamp.start.date)
            try await bench.collection("report_results").insert(result)
        }
        #expect(try await bench.store.rowCounts(of: ["some", "none", "absent"]) == ["some": 7, "none": 0])
        #expect(try await bench.store.rowCounts(of: []) == [:])
    }

    @Test(
        arguments: [
            (["requester.email": "a"], "requester-email"), (["requester.name": "a"], "requester-name"),
            (["pipeline": "a"], "pipeline"), (["phase": "Failed"], "phase"), ([:], "createdAt"),
            (["namespace": "a", "name": "b"], "namespace-name"),
        ] as [(BSONDocument, String)])
    func questionsAreAnsweredByTheirIndexWithoutASort(filter: BSONDocument, index: String) async throws {
        try await bench.store.prepare()
        let plan = try await explain("reports", filter, sort: ["createdAt": -1, "_id": -1])
        #expect(
            plan.contains("\"indexName\" : \"\(index)\"") && !plan.contains("\"SORT\"") && !plan.contains("COLLSCAN"))
    }

    @Test func eventsOfARequestAreReadInOrderFromTheirIndex() async throws {
        try await bench.store.prepare()
        let plan = try await explain("report_events", ["requestUID": "x"], sort: ["sequence": 1])
        #expect(plan.contains("\"indexName\" : \"request\"") && !plan.contains("\"SORT\""))
    }

    private func explain(_ collection: String, _ filter: BSONDocument, sort: BSONDocument) async throws -> String {
        let command: BSONDocument = [
            "explain": ["find": .string(collection), "filter": .document(filter), "sort": .document(sort)],
            "verbosity": "queryPlanner",
        ]
        let plan = try await bench.client.run(command, in: bench.database)
        return try #require(plan["queryPlanner"]?.document?["winningPlan"]?.document).extendedJSON
    }
}
