internal import CMongoC

// Each call goes through a method of the handle: a pointer read out of it may outlive it.

/// Owns a `mongoc_collection_t`.
struct CollectionHandle: ~Copyable {
    private let raw: OpaquePointer

    init(stealing raw: OpaquePointer) { self.raw = raw }

    deinit { mongoc_collection_destroy(raw) }

    /// Copies the write concern.
    borrowing func use(_ concern: borrowing WriteConcernHandle) {
        concern.withRaw { mongoc_collection_set_write_concern(raw, $0) }
    }

    /// -1 is failure.
    borrowing func count(
        _ filter: BSONDocument, _ reply: inout cmongoc_document, _ error: inout bson_error_t
    ) -> Int64 {
        filter.bytes.withUnsafeBufferPointer { cmongoc_count(raw, $0.baseAddress, $0.count, &reply, &error) }
    }

    /// A `mongoc_cursor_t` for the caller to free. It needs the collection no more.
    borrowing func find(_ filter: BSONDocument, options: BSONDocument) -> OpaquePointer {
        filter.bytes.withUnsafeBufferPointer { filter in
            options.bytes.withUnsafeBufferPointer { options in
                cmongoc_find(raw, filter.baseAddress, filter.count, options.baseAddress, options.count)
            }
        }
    }

    /// A `mongoc_change_stream_t` for the caller to free. It needs the collection no more.
    borrowing func watch(_ pipeline: BSONDocument, options: BSONDocument) -> OpaquePointer {
        pipeline.bytes.withUnsafeBufferPointer { pipeline in
            options.bytes.withUnsafeBufferPointer { options in
                cmongoc_watch(raw, pipeline.baseAddress, pipeline.count, options.baseAddress, options.count)
            }
        }
    }

    /// A `mongoc_bulk_operation_t` for the caller to free. It needs the collection no more.
    borrowing func bulk(options: BSONDocument) -> OpaquePointer {
        options.bytes.withUnsafeBufferPointer { cmongoc_bulk_create(raw, $0.baseAddress, $0.count) }
    }
}

/// Owns a `mongoc_write_concern_t`.
struct WriteConcernHandle: ~Copyable {
    private let raw: OpaquePointer

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

    borrowing func withRaw(_ body: (OpaquePointer) -> Void) { body(raw) }
}

/// Owns a `mongoc_bulk_operation_t`.
struct BulkHandle: ~Copyable {
    private let raw: OpaquePointer

    init(collection: borrowing CollectionHandle, ordered: Bool) {
        raw = collection.bulk(options: ["ordered": .bool(ordered)])
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

    /// 0 is failure.
    borrowing func execute(_ reply: inout cmongoc_document, _ error: inout bson_error_t) -> UInt32 {
        cmongoc_bulk_execute(raw, &reply, &error)
    }
}
