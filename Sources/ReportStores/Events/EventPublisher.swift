import RedisClient

/// Tells everybody outside what happens to requests: over Pub/Sub for those who listen, and in a capped stream for those
/// who come later. For each request in order, and each event once, however often it is given.
///
/// What was published last of a request is remembered in Redis for 30 days. A Redis that lost its data has forgotten
/// that as well: then what is given again is published again.
package struct EventPublisher: Sendable {
    /// The stream (fields `uid`, `sequence`, `event`) and the channel (the event's text alone).
    package static let stream = "reports:events"

    // A batch of this size occupies Redis for about a millisecond.
    private static let batch = 100

    private let redis: RedisConnection
    private let maximumLength: Int

    /// `maximumLength`: about how many events the stream keeps.
    package init(_ server: RedisServer, maximumLength: Int = 100_000) {
        redis = server.connection
        self.maximumLength = maximumLength
    }

    /// Publishes events in their order, without those that were published before, and returns how many were new.
    ///
    /// When it throws, some of the events may have been published; giving them again is safe. Two calls at once must
    /// not have events of the same request.
    @discardableResult
    package func publish(_ events: [OutboundEvent]) async throws(RedisTrouble) -> Int {
        try await RedisTrouble.wrapping { () async throws(RedisError) in try await publishInParts(events) }
    }

    private func publishInParts(_ events: [OutboundEvent]) async throws(RedisError) -> Int {
        var count = 0
        var rest = events[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.batch)
            rest = rest.dropFirst(Self.batch)
            var call = RedisScript.Call(keys: [.text(Self.stream)], arguments: [RedisArgument(maximumLength)])
            for event in part {
                call.keys.append(.text("reports:events:last:\(event.uid)"))
                call.arguments += [.text(event.uid), RedisArgument(event.sequence), .bytes(event.payload)]
            }
            // One after the other and not pipelined: a part that fails must not be overtaken by the next, whose events
            // would make this one's count as published.
            let reply = try await redis.run(Self.script, call, isIdempotent: true)
            guard let new = reply.integer else { throw redis.unexpectedReply("the events' script") }
            count += Int(new)
        }
        return count
    }

    /// KEYS stream, then each event's memory; ARGV length, then each event's uid, sequence, payload → how many were new.
    private static let script = RedisScript(
        """
        local new = 0
        for index = 2, #KEYS do
            local at = 3 * index - 4
            local uid, sequence, payload = ARGV[at], ARGV[at + 1], ARGV[at + 2]
            -- What isn't a number was written by somebody else, and must not keep others' events back.
            local last = redis.pcall('GET', KEYS[index])
            last = type(last) == 'string' and tonumber(last) or 0
            if tonumber(sequence) > last then
                redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*',
                    'uid', uid, 'sequence', sequence, 'event', payload)
                redis.call('PUBLISH', KEYS[1], payload)
                redis.call('SET', KEYS[index], sequence, 'PX', '2592000000')
                new = new + 1
            end
        end
        return new
        """)
}

/// Something that happened to a request, for everybody outside.
package struct OutboundEvent: Sendable, Hashable {
    /// The request's uid.
    package let uid: String
    /// Rising for each request; at least 1.
    package let sequence: Int64
    /// A JSON text.
    package let payload: [UInt8]

    package init(uid: String, sequence: Int64, payload: [UInt8]) {
        self.uid = uid
        self.sequence = sequence
        self.payload = payload
    }

    package init(uid: String, sequence: Int64, payload: String) {
        self.init(uid: uid, sequence: sequence, payload: Array(payload.utf8))
    }
}
