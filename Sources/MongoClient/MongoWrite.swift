/// One write of a batch. An update changes one document at most.
package enum MongoWrite: Sendable {
    /// Without an `_id` the driver adds one.
    case insert(BSONDocument)
    case update(filter: BSONDocument, update: BSONDocument, upsert: Bool)
    case delete(filter: BSONDocument)
}

/// When a write counts as done.
package enum MongoWriteConcern: Sendable {
    /// When most members have it, so that no fail-over undoes it; an error after `timeout` (whole seconds).
    case majority(timeout: Duration)
    /// When the primary has it.
    case acknowledged
}

/// What became of a batch.
package struct MongoWriteResult: Sendable {
    package let inserted: Int
    package let matched: Int
    package let modified: Int
    package let upserted: Int
    package let deleted: Int
    /// Of single writes, by their place in the batch; and those of the write concern, which have none.
    package let errors: [Failure]

    package struct Failure: Sendable {
        package let index: Int?
        package let error: MongoError
    }

    init(reply: BSONDocument, pool: MongoPool) {
        func number(_ key: String) -> Int { reply[key]?.integer.map(Int.init) ?? 0 }
        inserted = number("nInserted")
        matched = number("nMatched")
        modified = number("nModified")
        upserted = number("nUpserted")
        deleted = number("nRemoved")
        let labels = Set(reply["errorLabels"]?.array?.compactMap(\.string) ?? [])
        let single = (reply["writeErrors"]?.array ?? []).compactMap(\.document).map {
            Failure(index: $0["index"]?.integer.map(Int.init), error: pool.error(reply: $0, labels: labels))
        }
        let concern = (reply["writeConcernErrors"]?.array ?? []).compactMap(\.document).map {
            Failure(index: nil, error: pool.error(reply: $0, isWriteConcern: true, labels: labels))
        }
        errors = single + concern
    }
}
