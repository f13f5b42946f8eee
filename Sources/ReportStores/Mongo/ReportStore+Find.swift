internal import FoundationEssentials
internal import MongoClient
internal import ReportAPI
package import ReportRecords

extension ReportStore {
    /// The record of a request; nil where there is none.
    package func record(uid: String) async throws(StoreTrouble) -> ReportRecord? {
        try await translated { () async throws(MongoError) in
            try await reports.first(["_id": .string(uid)], as: ReportRecord.self)
        }
    }

    /// Records, the newest first, `limit` at a time. `pinned`: with the pipelines as they were, which lists don't show.
    package func find(
        _ query: ReportQuery, limit: Int = 100, after mark: ReportPage.Mark? = nil, pinned: Bool = true
    ) async throws(StoreTrouble) -> ReportPage {
        try await translated { () async throws(MongoError) in
            // One more tells whether there is a next page.
            var options = MongoFindOptions(sort: ["createdAt": -1, "_id": -1], limit: limit + 1)
            if !pinned { options.projection = ["pinned": 0] }
            let found = try await reports.find(query.filter(after: mark), options: options, as: ReportRecord.self).all()
            let records = Array(found.prefix(limit))
            let next = records.last.map { ReportPage.Mark(createdAt: $0.createdAt, uid: $0.uid) }
            return ReportPage(records: records, next: found.count > limit ? next : nil)
        }
    }

    /// The namespaces that there are reports of.
    package func namespaces() async throws(StoreTrouble) -> Set<String> {
        try await translated { () async throws(MongoError) in
            let answer = try await client.run(["distinct": "reports", "key": "namespace"], in: database)
            return Set((answer["values"]?.array ?? []).compactMap(\.string))
        }
    }

    /// How many seconds the last runs of a pipeline took that succeeded in that namespace, `limit` of them at the most.
    package func durations(
        ofPipeline pipeline: String, in home: LiveNamespace, limit: Int
    ) async throws(StoreTrouble) -> [Int64] {
        var query = ReportQuery()
        query.homes = [home]
        return try await durations(ofPipeline: pipeline, query, limit: limit)
    }

    /// The same of every namespace of that name: for who may read the whole record, but perhaps no namespaces.
    package func durations(
        ofPipeline pipeline: String, namespace: String, limit: Int
    ) async throws(StoreTrouble) -> [Int64] {
        var query = ReportQuery()
        query.namespace = namespace
        return try await durations(ofPipeline: pipeline, query, limit: limit)
    }

    private func durations(
        ofPipeline pipeline: String, _ query: ReportQuery, limit: Int
    ) async throws(StoreTrouble) -> [Int64] {
        struct Times: Decodable, Sendable {
            var startedAt: Date?
            var completedAt: Date?
        }
        return try await translated { () async throws(MongoError) in
            let options = MongoFindOptions(
                sort: ["createdAt": -1, "_id": -1], projection: ["_id": 0, "startedAt": 1, "completedAt": 1],
                limit: limit)
            var query = query
            query.pipeline = pipeline
            query.phase = .succeeded
            return try await reports.find(query.filter(after: nil), options: options, as: Times.self).all().compactMap {
                times in
                guard let start = times.startedAt, let end = times.completedAt else { return nil }
                return Int64(max(0, end.timeIntervalSince(start)).rounded())
            }
        }
    }

    /// A request's events in their order.
    package func events(of uid: String) async throws(StoreTrouble) -> [ReportEvent] {
        try await translated { () async throws(MongoError) in
            try await events.find(
                ["requestUID": .string(uid)], options: MongoFindOptions(sort: ["sequence": 1]), as: ReportEvent.self
            ).all()
        }
    }
}
