package import FoundationEssentials
import KubernetesModel
internal import MongoClient
package import ReportRecords

/// Which tickets were opened of which firings: `report_tickets`, of which the courier alone writes.
///
/// Every write is bound to what was read, so that of two couriers one wins, and is confirmed by a majority before it counts.
package struct TicketLedger: Sendable {
    private let tickets: MongoCollection
    private let database: String

    private typealias Key = TicketEntry.CodingKeys

    init(client: MongoClient, database: String) {
        tickets = client.collection("report_tickets", in: database)
        self.database = database
    }

    /// Of a trigger: those that aren't over, those of that list, and whatever was written since then.
    package func entries(
        ofTrigger uid: String, ids: [String], since: Date
    ) async throws(StoreTrouble) -> TicketEntries {
        let choice: [BSONValue] = [
            ["_id": ["$in": .array(ids.map(BSONValue.string))]], Self.unfinished,
            [Key.at.rawValue: ["$gte": .date(milliseconds: Int64(since.timeIntervalSince1970 * 1000))]],
        ]
        // By their ids, which nobody can change: `.` is what follows a dash.
        return try await found([
            Key.id.rawValue: ["$gte": .string("\(uid)-"), "$lt": .string("\(uid).")], "$or": .array(choice),
        ])
    }

    /// Those that aren't over, of all triggers of all clusters.
    package func unfinished() async throws(StoreTrouble) -> TicketEntries {
        try await found([Key.state.rawValue: Self.open])
    }

    private static let open: BSONValue = [
        "$in": .array(TicketEntry.State.allCases.filter { !$0.isTerminal }.map { .string($0.rawValue) })
    ]
    private static let unfinished: BSONValue = [Key.state.rawValue: open]

    private func found(_ filter: BSONDocument) async throws(StoreTrouble) -> TicketEntries {
        let documents = try await translated { () async throws(MongoError) in try await tickets.find(filter).all() }
        var found = TicketEntries()
        for document in documents {
            let id = document[Key.id.rawValue]?.string ?? ""
            let read = Result { () throws(MongoError) in try BSONDecoder().decode(TicketEntry.self, from: document) }
            switch read {
            case .success(let entry) where id.hasPrefix("\(entry.triggerUID)-"): found.readable.append(entry)
            case .success: found.unreadable[id] = "triggerUID: is another trigger's"
            case .failure(let error): found.unreadable[id] = error.message.head(bytes: 256)
            }
        }
        return found
    }

    /// Writes an entry as it shall be, if it is still what was read: `before` is nil where there was none.
    ///
    /// - Returns: whether it was; where not, somebody else has written it.
    package func write(_ entry: TicketEntry, over before: TicketEntry?) async throws(StoreTrouble) -> Bool {
        try await translated { () async throws(MongoError) in
            let document = try BSONEncoder().encode(entry)
            guard let before else {
                let result = try await tickets.write([.insert(document)], concern: ReportStore.concern)
                guard let failure = result.errors.first else { return true }
                guard failure.error.kind == .duplicateKey else { throw failure.error }
                return try await isWritten(entry)
            }
            let filter: BSONDocument = [
                Key.id.rawValue: .string(entry.id), Key.epoch.rawValue: .int64(before.epoch),
                Key.state.rawValue: .string(before.state.rawValue),
                Key.holder.rawValue: before.holder.map(BSONValue.string) ?? .null,
            ]
            let present = Set(document.keys)
            let absent = Key.optional.filter { !present.contains($0.rawValue) }
            var update: BSONDocument = ["$set": .document(document.filter { $0 != Key.id.rawValue })]
            if !absent.isEmpty {
                update.append(
                    .document(BSONDocument(absent.map { ($0.rawValue, .string("")) })), forKey: "$unset")
            }
            let result = try await tickets.update(filter, with: update, concern: ReportStore.concern)
            if result.matched == 1 { return true }
            // Or it is this very write, of a message that was sent twice.
            return try await isWritten(entry)
        }
    }

    private func isWritten(_ entry: TicketEntry) async throws(MongoError) -> Bool {
        let found = try await tickets.first([Key.id.rawValue: .string(entry.id)], as: TicketEntry.self)
        return found.map { $0.epoch == entry.epoch && $0.holder == entry.holder && $0.state == entry.state } ?? false
    }

    private func translated<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async throws(StoreTrouble) -> Value {
        try await StoreTrouble.explaining(in: database, body)
    }
}

extension TicketEntry.CodingKeys {
    /// Those that a document may lack.
    fileprivate static let optional: [Self] = [
        .labels, .annotations, .round, .earlier, .ticketID, .endedAt, .openedAt, .closedAt, .holder, .deadline,
        .uncertain,
        .triedFor,
        .notBefore, .detail, .reason, .cluster, .clusterName, .namespaceUID,
    ]
}
