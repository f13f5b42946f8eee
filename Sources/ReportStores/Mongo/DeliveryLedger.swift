package import FoundationEssentials
import KubernetesModel
internal import MongoClient
import ReportAPI
package import ReportRecords

/// What was sent to whom: `report_deliveries`, which only the courier writes.
///
/// Every write is bound to what was read, so that of two couriers one wins, and is confirmed by a majority before it counts.
package struct DeliveryLedger: Sendable {
    private let copies: MongoCollection
    private let database: String

    private typealias Key = DeliveryCopy.CodingKeys

    init(client: MongoClient, database: String) {
        copies = client.collection("report_deliveries", in: database)
        self.database = database
    }

    /// The copies of a delivery that were ever touched.
    package func copies(ofDelivery delivery: String) async throws(StoreTrouble) -> LedgerCopies {
        let documents = try await translated { () async throws(MongoError) in
            // By their ids, which nobody can change: `0` is what follows a slash.
            try await copies.find([
                Key.id.rawValue: ["$gte": .string("\(delivery)/"), "$lt": .string("\(delivery)0")]
            ]).all()
        }
        var found = LedgerCopies()
        let notices = "\(delivery)\(DeliveryCopy.noticeSuffix)/"
        for document in documents where document[Key.id.rawValue]?.string?.hasPrefix(notices) != true {
            switch Self.read(document) {
            case .success(let copy): found.readable.append(copy)
            case .failure(let unreadable): found.unreadable.append(unreadable)
            }
        }
        return found
    }

    /// What was ever sent of a report, the newest first.
    package func copies(ofReport report: String, limit: Int? = nil) async throws(StoreTrouble) -> LedgerCopies {
        let documents = try await translated { () async throws(MongoError) in
            var options = MongoFindOptions(sort: [Key.at.rawValue: -1])
            options.limit = limit
            return try await copies.find([Key.reportID.rawValue: .string(report)], options: options).all()
        }
        var found = LedgerCopies()
        for document in documents {
            switch Self.read(document) {
            case .success(let copy): found.readable.append(copy)
            case .failure(let unreadable): found.unreadable.append(unreadable)
            }
        }
        return found
    }

    /// How many copies a channel has tried for a namespace since then.
    package func tries(channel: String, namespace: String, since: Date) async throws(StoreTrouble) -> Int {
        try await translated { () async throws(MongoError) in
            try await copies.count([
                Key.channel.rawValue: .string(channel), Key.namespace.rawValue: .string(namespace),
                Key.at.rawValue: ["$gt": .date(milliseconds: Int64(since.timeIntervalSince1970 * 1000))],
                Key.tries.rawValue: ["$gt": 0],
            ])
        }
    }

    /// Writes a copy as it shall be, if it is still what was read: `before` is nil where there was none.
    ///
    /// - Returns: whether it was; where not, somebody else has written it.
    package func write(_ copy: DeliveryCopy, over before: DeliveryCopy?) async throws(StoreTrouble) -> Bool {
        try await translated { () async throws(MongoError) in
            let document = try BSONEncoder().encode(copy)
            guard let before else {
                let result = try await copies.write([.insert(document)], concern: ReportStore.concern)
                guard let failure = result.errors.first else { return true }
                guard failure.error.kind == .duplicateKey else { throw failure.error }
                return try await isWritten(copy)
            }
            let filter: BSONDocument = [
                Key.id.rawValue: .string(copy.id), Key.epoch.rawValue: .int64(before.epoch),
                Key.phase.rawValue: .string(before.phase.rawValue),
                Key.holder.rawValue: before.holder.map(BSONValue.string) ?? .null,
            ]
            let present = Set(document.keys)
            let absent = Key.optional.filter { !present.contains($0.rawValue) }
            var update: BSONDocument = [
                "$set": .document(document.filter { $0 != Key.id.rawValue })
            ]
            if !absent.isEmpty {
                update.append(
                    .document(BSONDocument(absent.map { ($0.rawValue, .string("")) })), forKey: "$unset")
            }
            let result = try await copies.update(filter, with: update, concern: ReportStore.concern)
            if result.matched == 1 { return true }
            // Or it is this very write, of a message that was sent twice.
            return try await isWritten(copy)
        }
    }

    private func isWritten(_ copy: DeliveryCopy) async throws(MongoError) -> Bool {
        let found = try await copies.first([Key.id.rawValue: .string(copy.id)], as: DeliveryCopy.self)
        return found.map { $0.epoch == copy.epoch && $0.holder == copy.holder && $0.phase == copy.phase } ?? false
    }

    private static func read(_ document: BSONDocument) -> Result<DeliveryCopy, UnreadableCopy> {
        let id = document[Key.id.rawValue]?.string ?? ""
        let read = Result { () throws(MongoError) in try BSONDecoder().decode(DeliveryCopy.self, from: document) }
        switch read {
        case .failure(let error): return .failure(UnreadableCopy(id: id, fault: error.message.head(bytes: 256)))
        case .success(let copy):
            // What its id says nobody can change.
            let meant = DeliveryCopy.id(delivery: copy.delivery, recipient: copy.recipient)
            guard !id.isSame(as: meant) else { return .success(copy) }
            let fault = "delivery and recipient: are those of \"\(meant.head(bytes: 128))\""
            return .failure(UnreadableCopy(id: id, fault: fault))
        }
    }

    private func translated<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async throws(StoreTrouble) -> Value {
        try await StoreTrouble.explaining(in: database, body)
    }
}

extension DeliveryCopy.CodingKeys {
    /// Those that a document may lack.
    fileprivate static let optional: [Self] = [
        .attempt, .publication, .formats, .files, .holder, .deadline, .uncertain, .firstTriedAt, .triedFor, .notBefore,
        .detail, .reason, .sentID, .possiblyTwice, .cluster, .clusterName, .namespaceUID,
    ]
}
