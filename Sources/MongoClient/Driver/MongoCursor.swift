import AsyncSupport
internal import CMongoC
import Synchronization

/// Owns a `mongoc_cursor_t` and the client that it reads with.
final class MongoCursor: @unchecked Sendable {
    // @unchecked: the cursor is used only with `turn` held, since a reader that was cancelled returns before its thread
    // does.
    private let raw: OpaquePointer
    private let client: LeasedClient
    private let threads: WorkerThreads
    private let turn = Mutex(())

    /// Bounds what a page takes, whatever size the documents have.
    private static let pageLimit = (documents: 256, bytes: 4 << 20)

    struct Page: Sendable {
        var documents: [BSONDocument] = []
        var isLast = false
    }

    /// Asks nothing of the server yet.
    init(
        client: LeasedClient, threads: WorkerThreads, database: String, collection: String,
        filter: BSONDocument, options: BSONDocument
    ) {
        let collection = CollectionHandle(stealing: mongoc_client_get_collection(client.raw, database, collection))
        raw = collection.find(filter, options: options)
        self.client = client
        self.threads = threads
    }

    deinit {
        // It tells the server, which blocks; the client goes back after it.
        let (cursor, client) = (Abandoned(pointer: raw), client)
        threads.post {
            mongoc_cursor_destroy(cursor.pointer)
            withExtendedLifetime(client) {}
        }
    }

    /// The next documents; blocks.
    func nextPage() throws(MongoError) -> Page {
        let result: Result<Page, MongoError> = turn.withLock { _ in
            do throws(MongoError) { return .success(try readPage()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func readPage() throws(MongoError) -> Page {
        var page = Page()
        var size = 0
        var data: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        while page.documents.count < Self.pageLimit.documents, size < Self.pageLimit.bytes {
            guard cmongoc_cursor_next(raw, &data, &length) else {
                try throwError()
                page.isLast = true
                return page
            }
            page.documents.append(
                try BSONDocument(validating: Array(UnsafeBufferPointer(start: data, count: Int(length)))))
            size += Int(length)
        }
        return page
    }

    private func throwError() throws(MongoError) {
        var error = bson_error_t()
        var data: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        guard cmongoc_cursor_error(raw, &error, &data, &length) else { return }
        guard let data else { throw client.pool.error(error, reply: nil) }
        let reply = try BSONDocument(validating: Array(UnsafeBufferPointer(start: data, count: Int(length))))
        throw client.pool.error(error, reply: reply)
    }
}
