package import FoundationEssentials
internal import MongoClient
package import ReportAPI
package import ReportRecords

/// Which records to find: those for which all that is set holds.
package struct ReportQuery: Hashable, Sendable {
    package var requesterEmail: String?
    package var requesterName: String?
    /// Whose e-mail address or name that is.
    package var requester: String?
    package var pipeline: String?
    package var phase: ReportRequestStatus.Phase?
    /// Any of these; of none, all.
    package var phases: Set<ReportRequestStatus.Phase> = []
    package var namespace: String?
    /// Any of these; nil for all.
    package var namespaces: Set<String>?
    /// Made in any of these very namespaces, and not in others that had their names before; nil: whatever namespace it was.
    package var homes: [LiveNamespace]?
    /// The cluster's name, or the uid of its namespace `kube-system`.
    package var cluster: String?
    /// In text.
    package var parameters: [String: String] = [:]
    /// The schedule that it was made by, as its name tells.
    package var schedule: String?
    package var name: String?
    /// From this moment on.
    package var createdFrom: Date?
    /// Before this moment.
    package var createdBefore: Date?

    package init() {}

    /// The same for the same question alone: texts that only look alike are other ones, for MongoDB too.
    package func bytes(after mark: ReportPage.Mark?) -> [UInt8] { filter(after: mark).bytes }

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
        members += sets
        var created: [(String, BSONValue)] = []
        if let createdFrom { created.append(("$gte", createdFrom.bson)) }
        if let createdBefore { created.append(("$lt", createdBefore.bson)) }
        if let mark { created.append(("$lte", mark.createdAt.bson)) }
        if !created.isEmpty { members.append(("createdAt", .document(BSONDocument(created)))) }
        var all = alternatives(after: mark).map { BSONValue.document(["$or": .array($0)]) }
        if let homes { all.append(.document(Self.filter(homes))) }
        if !all.isEmpty { members.append(("$and", .array(all))) }
        return BSONDocument(members)
    }

    /// Of each list one has to hold.
    private func alternatives(after mark: ReportPage.Mark?) -> [[BSONValue]] {
        var all: [[BSONValue]] = []
        if let mark {
            all.append([
                ["createdAt": ["$lt": mark.createdAt.bson]],
                ["createdAt": mark.createdAt.bson, "_id": ["$lt": .string(mark.uid)]],
            ])
        }
        if let requester {
            all.append([["requester.email": .string(requester)], ["requester.name": .string(requester)]])
        }
        if let cluster { all.append([["clusterName": .string(cluster)], ["cluster": .string(cluster)]]) }
        return all
    }

    private var sets: [(String, BSONValue)] {
        var members: [(String, BSONValue)] = []
        if !phases.isEmpty {
            members.append(("phase", ["$in": .array(phases.map(\.rawValue).sorted().map(BSONValue.string))]))
        }
        if let namespaces { members.append(("namespace", ["$in": .array(namespaces.sorted().map(BSONValue.string))])) }
        if let schedule {
            // The Jobs of its CronJob are called so, and requests as these; a name has no other sign than the dot.
            let name = schedule.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
            members.append(("name", ["$regex": .string("^\(name)-[0-9]+$")]))
        }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            members.append(("parameters.\(name)", .string(value)))
        }
        return members
    }
}

/// A part of what a query finds, the newest first.
package struct ReportPage: Sendable {
    /// Where a page ended. It stays right while records are added.
    package struct Mark: Hashable, Sendable {
        package let createdAt: Date
        package let uid: String

        package init(createdAt: Date, uid: String) {
            self.createdAt = createdAt
            self.uid = uid
        }
    }

    package let records: [ReportRecord]
    /// For the next page; nil after the last.
    package let next: Mark?
}

extension Date {
    fileprivate var bson: BSONValue {
        .date(milliseconds: Int64(exactly: (timeIntervalSince1970 * 1000).rounded()) ?? .max)
    }
}
