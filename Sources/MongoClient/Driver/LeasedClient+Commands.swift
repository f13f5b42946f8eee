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
        let count = filter.bytes.withUnsafeBufferPointer {
            cmongoc_count(collection.raw, $0.baseAddress, $0.count, &reply, &error)
        }
        let answer = try BSONDocument(stealing: reply)
        guard count >= 0 else { throw pool.error(error, reply: answer) }
        return count
    }

    func write(
        _ writes: [MongoWrite], ordered: Bool, concern: MongoWriteConcern?, database: String, collection: String
    ) throws(MongoError) -> MongoWriteResult {
        let collection = CollectionHandle(stealing: mongoc_client_get_collection(raw, database, collection))
        if let concern { mongoc_collection_set_write_concern(collection.raw, WriteConcernHandle(concern).raw) }
        let bulk = BulkHandle(collection: collection, ordered: ordered)
        var error = bson_error_t()
        for write in writes {
            guard bulk.append(write, &error) else { throw pool.error(error, reply: nil) }
        }
        var reply = cmongoc_document()
        let server = cmongoc_bulk_execute(bulk.raw, &reply, &error)
        let answer = try BSONDocument(stealing: reply)
        let result = MongoWriteResult(reply: answer, pool: pool)
        // Errors of single writes stand in the result; only what struck all of them is thrown.
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

/// Owns a `mongoc_collection_t`.
struct CollectionHandle: ~Copyable {
    let raw: OpaquePointer

    init(stealing raw: OpaquePointer) { self.raw = raw }

    deinit { mongoc_collection_destroy(raw) }
}

/// Owns a `mongoc_write_concern_t`.
struct WriteConcernHandle: ~Copyable {
    let raw: OpaquePointer

    init(_ concern: MongoWriteConcern) {
        raw = mongoc_write_concern_new()
        switch concern {
        case .majority(let timeout):
            mongoc_write_concern_set_w(raw, MONGOC_WRITE_CONCERN_W_MAJORITY)
            mongoc_write_concern_set_wtimeout_int64(raw, timeout.components.seconds * 1000)
        case .acknowledged:
            mongoc_write_concern_set_w(raw, 1)
        }
    }

    deinit { mongoc_write_concern_destroy(raw) }
}

/// Owns a `mongoc_bulk_operation_t`.
struct BulkHandle: ~Copyable {
    let raw: OpaquePointer

    init(collection: borrowing CollectionHandle, ordered: Bool) {
        var options = BSONDocument()
        options.append(.bool(ordered), forKey: "ordered")
        raw = options.bytes.withUnsafeBufferPointer {
            cmongoc_bulk_create(collection.raw, $0.baseAddress, $0.count)
        }
    }

    deinit { mongoc_bulk_operation_destroy(raw) }

    /// Copies the write into the batch.
    borrowing func append(_ write: MongoWrite, _ error: inout bson_error_t) -> Bool {
        switch write {
        case .insert(let document):
            document.bytes.withUnsafeBufferPointer { cmongoc_bulk_insert(raw, $0.baseAddress, $0.count, &error) }
        case .update(let filter, let update, let upsert):
            filter.bytes.withUnsafeBufferPointer { filter in
                update.bytes.withUnsafeBufferPointer { update in
                    cmongoc_bulk_update_one(
                        raw, filter.baseAddress, filter.count, update.baseAddress, update.count, upsert, &error)
                }
            }
        case .delete(let filter):
            filter.bytes.withUnsafeBufferPointer { cmongoc_bulk_delete_one(raw, $0.baseAddress, $0.count, &error) }
        }
    }
}
