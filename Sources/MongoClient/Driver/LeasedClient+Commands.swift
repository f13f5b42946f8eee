internal import CMongoC

// Everything here blocks.
extension LeasedClient {
    func run(_ command: BSONDocument, in database: String) throws(MongoError) -> BSONDocument {
        var reply = cmongoc_document()
        var error = bson_error_t()
        let isDone = command.bytes.withUnsafeBufferPointer {
            cmongoc_command(raw, database, $0.baseAddress, $0.count, &reply, &error)
        }
        let answer = try BSONDocument(stealing: reply)
        guard isDone else { throw pool.error(error, reply: answer) }
        if let complaint = answer["writeConcernError"]?.document {
            throw pool.error(reply: complaint, isWriteConcern: true, labels: [])
        }
        return answer
    }

    func count(_ filter: BSONDocument, database: String, collection: String) throws(MongoError) -> Int64 {
        let collection = CollectionHandle(stealing: mongoc_client_get_collection(raw, database, collection))
        var reply = cmongoc_document()
        var error = bson_error_t()
        let count = collection.count(filter, &reply, &error)
        let answer = try BSONDocument(stealing: reply)
        guard count >= 0 else { throw pool.error(error, reply: answer) }
        return count
    }

    func write(
        _ writes: [MongoWrite], ordered: Bool, concern: MongoWriteConcern?, database: String, collection: String
    ) throws(MongoError) -> MongoWriteResult {
        let collection = CollectionHandle(stealing: mongoc_client_get_collection(raw, database, collection))
        if let concern { collection.use(WriteConcernHandle(concern)) }
        let bulk = BulkHandle(collection: collection, ordered: ordered)
        var error = bson_error_t()
        for write in writes {
            guard bulk.append(write, &error) else { throw pool.error(error, reply: nil) }
        }
        var reply = cmongoc_document()
        let server = bulk.execute(&reply, &error)
        let answer = try BSONDocument(stealing: reply)
        let result = MongoWriteResult(reply: answer, pool: pool)
        // Errors of single writes are in the result; only what struck all of them is thrown.
        if server == 0, result.errors.isEmpty { throw pool.error(error, reply: answer) }
        if server == 0, Self.struckAll(error) { throw pool.error(error, reply: nil) }
        return result
    }

    // The batch broke off, whatever single writes had to say before.
    private static func struckAll(_ error: bson_error_t) -> Bool {
        switch mongoc_error_domain_t(rawValue: error.domain) {
        case MONGOC_ERROR_STREAM, MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_CLIENT, MONGOC_ERROR_PROTOCOL: true
        default: false
        }
    }
}
