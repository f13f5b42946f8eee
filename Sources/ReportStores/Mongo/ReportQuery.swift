package import FoundationEssentials
internal import MongoClient
package import ReportAPI
package import ReportRecords

/// Which records to find: those for which all that is set holds.
package struct ReportQuery: Sendable {
    package var requesterEmail: String?
    package var requesterName: String?
    package var pipeline: String?
    package var phase: ReportRequestStatus.Phase?
    package var namespace: String?
    package var name: String?
    /// From this moment on.
    package var createdFrom: Date?
    /// Before this moment.
    package var createdBefore: Date?

    package init() {}

    /// `mark`: only what comes after it in the order of lists.
    func filter(after mark: ReportPage.Mark?) -> BSONDocument {
        var members: [(String, BSONValue)] = []
        let texts: [(String, String?)] = [
            ("requester.email", requesterEmail), ("requester.name", requesterName), ("pipeline", pipeline),
            ("phase", phase?.rawValue), ("namespace", namespace), ("name", name),
        ]
        for (key, value) in texts {
            if let value { members.append((key, .string(value))) }
        }
        var created: [(String, BSONValue)] = []
        if let createdFrom { created.append(("$gte", createdFrom.bson)) }
        if let createdBefore { created.append(("$lt", createdBefore.bson)) }
        if let mark { created.append(("$lte", mark.createdAt.bson)) }
        if !created.isEmpty { members.append(("createdAt", .document(BSONDocument(created)))) }
        if let mark {
            members.append(
                (
                    "$or",
                    [
                        ["createdAt": ["$lt": mark.createdAt.bson]],
                        ["createdAt": mark.createdAt.bson, "_id": ["$lt": .string(mark.uid)]],
                    ]
                ))
        }
        return BSONDocument(members)
    }
}

/// A part of what a query finds, the newest first.
package struct ReportPage: Sendable {
    /// Where a page ended. It stays right while records are added.
    package struct Mark: Hashable, Sendable {
        package let createdAt: Date
        package let uid: String
    }

    package let records: [ReportRecord]
    /// For the next page; nil after the last.
    package let next: Mark?
}

extension Date {
    fileprivate var bson: BSONValue { .date(milliseconds: Int64((timeIntervalSince1970 * 1000).rounded())) }
}
