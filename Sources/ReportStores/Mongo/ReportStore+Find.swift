internal import MongoClient
package import ReportRecords

extension ReportStore {
    /// The record of a request; nil where there is none.
    package func record(uid: String) async throws(StoreTrouble) -> ReportRecord? {
        try await translated { () async throws(MongoError) in
            try await reports.first(["_id": .string(uid)], as: ReportRecord.self)
        }
    }

    /// Records, the newest first, `limit` at a time.
    package func find(
        _ query: ReportQuery, limit: Int = 100, after mark: ReportPage.Mark? = nil
    ) async throws(StoreTrouble) -> ReportPage {
        try await translated { () async throws(MongoError) in
            // One more tells whether there is a next page.
            let options = MongoFindOptions(sort: ["createdAt": -1, "_id": -1], limit: limit + 1)
            let found = try await reports.find(query.filter(after: mark), options: options, as: ReportRecord.self).all()
            let records = Array(found.prefix(limit))
            let next = records.last.map { ReportPage.Mark(createdAt: $0.createdAt, uid: $0.uid) }
            return ReportPage(records: records, next: found.count > limit ? next : nil)
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
