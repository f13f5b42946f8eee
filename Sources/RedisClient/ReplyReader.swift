internal import CHiredis

/// hiredis' parser: takes bytes as they come and gives replies as values.
struct ReplyReader: ~Copyable {
    private let raw: UnsafeMutablePointer<redisReader>

    init() {
        guard let raw = redisReaderCreate() else { preconditionFailure("No memory for a reply reader") }
        self.raw = raw
    }

    deinit { redisReaderFree(raw) }

    /// Takes bytes; they are copied.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        guard redisReaderFeed(raw, bytes.baseAddress, bytes.count) == REDIS_OK else { throw fault }
    }

    /// The next complete reply, or nil until more bytes are there.
    mutating func next() throws(RedisError) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(raw, &reply) == REDIS_OK else { throw fault }
        guard let reply else { return nil }
        return RawReply(stealing: reply).value
    }

    private var fault: RedisError {
        let text = withUnsafeBytes(of: raw.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return RedisError(
            .protocolError, "What answers is not Redis (\(text)): check host and port", mayHaveReachedServer: true)
    }
}

/// A reply of hiredis, freed with all its elements.
private struct RawReply: ~Copyable {
    private let raw: UnsafeMutablePointer<redisReply>

    init(stealing raw: UnsafeMutableRawPointer) {
        self.raw = raw.assumingMemoryBound(to: redisReply.self)
    }

    deinit { freeReplyObject(raw) }

    var value: RedisReply { Self.value(of: raw.pointee) }

    private static func value(of reply: redisReply) -> RedisReply {
        switch reply.type {
        case REDIS_REPLY_STRING: return .bulk(bytes(of: reply))
        case REDIS_REPLY_STATUS: return .simple(String(decoding: bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(RedisServerError(line: String(decoding: bytes(of: reply), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: return .integer(reply.integer)
        case REDIS_REPLY_ARRAY:
            return .array(
                (0..<reply.elements).map { index in
                    reply.element[index].map { value(of: $0.pointee) } ?? .null
                })
        default: return .null
        }
    }

    private static func bytes(of reply: redisReply) -> [UInt8] {
        guard let start = reply.str else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: reply.len))
    }
}
