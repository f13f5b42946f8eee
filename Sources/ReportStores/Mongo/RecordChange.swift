internal import MongoClient
internal import ReportAPI
import ReportRecords

/// The write that brings a record to a request's state, unless it has a newer one.
struct RecordChange {
    private let filter: BSONDocument
    private let update: BSONDocument
    /// What a newer record may still lack: the operator forgets it when a run has ended, and an older state that comes
    /// late is then the only one to know it.
    let supplement: MongoWrite?

    private typealias Key = ReportRecord.CodingKeys

    /// Known from the beginning or from the acceptance on, which the operator forgets when a run has ended: not taken
    /// back by a state without it.
    private static let lasting: [Key] = [.pinned, .parameters, .deliveries, .failureNotice]
    /// Where the request was made, which doesn't change: not taken back by who doesn't know it.
    private static let origin: [Key] = [.cluster, .clusterName, .namespaceUID]

    init(_ request: ReportRequest, origin: RecordOrigin) throws(MongoError) {
        let record = ReportRecord(request, origin: origin)
        filter = Self.filter(record)
        let document = try record.fittedDocument()
        let present = Set(document.keys)
        // What others have noted stays: members are set one by one, and the document is never replaced.
        let isAccepted = request.status?.accepted != nil
        let unset = Key.allCases.filter {
            !present.contains($0.rawValue) && $0 != .deletedAt && !(Self.lasting + Self.origin).contains($0)
        }
        var members: [(String, BSONValue)] = []
        let apart = Set([Key.uid, .deletedAt] + (isAccepted ? [] : Self.lasting)).map(\.rawValue)
        members.append(("$set", .document(document.filter(keys: { !apart.contains($0) }))))
        if !isAccepted, let parameters = document[Key.parameters.rawValue] {
            members.append(("$setOnInsert", [Key.parameters.rawValue: parameters]))
        }
        if !unset.isEmpty {
            members.append(("$unset", .document(BSONDocument(unset.map { ($0.rawValue, BSONValue.string("")) }))))
        }
        if let deletedAt = document[Key.deletedAt.rawValue] {
            members.append(("$min", [Key.deletedAt.rawValue: deletedAt]))
        }
        update = BSONDocument(members)
        supplement = isAccepted ? Self.supplement(record.uid, document) : nil
    }

    private static func supplement(_ uid: String, _ document: BSONDocument) -> MongoWrite {
        let lasting = lasting.map(\.rawValue)
        return .update(
            filter: ["_id": .string(uid), Key.pinned.rawValue: ["$exists": false]],
            update: ["$set": .document(document.filter(keys: lasting.contains))], upsert: false)
    }

    func write(upsert: Bool) -> MongoWrite { .update(filter: filter, update: update, upsert: upsert) }

    /// The record where it is not newer than ours.
    private static func filter(_ record: ReportRecord) -> BSONDocument {
        let progress = Key.progress.rawValue
        let isBehind: BSONValue = [progress: ["$lt": .int64(record.progress)]]
        let isLevel: BSONValue = [
            progress: .int64(record.progress), Key.versionOrder.rawValue: ["$lte": .string(record.versionOrder)],
        ]
        return ["_id": .string(record.uid), "$or": [isBehind, isLevel]]
    }
}
