internal import FoundationEssentials
internal import MongoClient
internal import ReportRecords

extension ReportQuery {
    /// What was made in one of these namespaces, as `LiveNamespace.isOrigin(of:)` has it.
    static func filter(_ homes: [LiveNamespace]) -> BSONDocument {
        let names = homes.map { BSONValue.string($0.name) }
        var members: [(String, BSONValue)] = [("namespace", ["$in": .array(names)])]
        // Null stands for a field that isn't there, too.
        if let cluster = homes.lazy.compactMap(\.cluster).first {
            members.append(("cluster", ["$in": [.null, .string(cluster)]]))
        }
        let uids = homes.map { BSONValue.string($0.uid) }
        let older = homes.map { home -> BSONValue in
            let created = Int64((home.createdAt.timeIntervalSince1970 * 1000).rounded())
            return ["namespace": .string(home.name), "createdAt": ["$gte": .date(milliseconds: created)]]
        }
        // An empty list of alternatives is an error to the server.
        let alternatives: BSONValue =
            homes.isEmpty
            ? [["namespaceUID": ["$in": []]]]
            : [["namespaceUID": ["$in": .array(uids)]], ["namespaceUID": .null, "$or": .array(older)]]
        members.append(("$or", alternatives))
        return BSONDocument(members)
    }
}
